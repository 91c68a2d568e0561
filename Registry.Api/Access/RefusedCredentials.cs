using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Registry.Api.Http;

namespace Registry.Api.Access;

/// <summary>
/// Counts the requests that are refused for want of a valid credential, logs them once an address and minute, and lets an address wait that
/// sends many. Only refused requests wait: a valid key is never slowed by what others at its address do.
/// </summary>
internal sealed partial class RefusedCredentials(Limits limits, TimeProvider clock, IMeterFactory meters, ILogger<RefusedCredentials> log)
{
    /// <summary>The name of the meter that counts them, and of its counter.</summary>
    public const string Meter = "Registry.Access", Counter = "registry.refused_credentials";

    // Beyond so many the rest count as one address.
    private const int MostAddresses = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Counter<long> _counter =
        meters.Create(Meter).CreateCounter<long>(Counter, "{request}", "Requests refused for want of a valid credential.");
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Refused> _byAddress = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Notes a refusal, and lets its sender wait where its address has had many.</summary>
    /// <returns>The answer where too many wait already; null for the usual one.</returns>
    public async Task<Problem?> Note(HttpContext context)
    {
        _counter.Add(1);
        var (address, now) = (AddressOf(context.Connection.RemoteIpAddress), clock.GetTimestamp());
        bool isSlowed;
        long? sinceLastLine = null;
        lock (_lock)
        {
            var refused = Of(address, now);
            if (refused.Logged is not { } logged || clock.GetElapsedTime(logged, now) >= Window)
            {
                (sinceLastLine, refused.Logged, refused.Unlogged) = (refused.Unlogged + 1, now, 0);
            }
            else
            {
                refused.Unlogged++;
            }

            isSlowed = ++refused.InWindow > limits.RefusedCredentialsPerMinute;
        }

        if (sinceLastLine is { } count)
        {
            LogRefused(count, address);
        }

        if (!isSlowed)
        {
            return null;
        }

        if (Interlocked.Increment(ref _waiting) > limits.WaitingRefusedCredentials)
        {
            Interlocked.Decrement(ref _waiting);
            return new Problem(Problems.TooManyRequests, "Too many requests without a valid credential come from this address.")
            {
                RetryAfter = Window,
            };
        }

        try
        {
            await Task.Delay(limits.RefusedCredentialDelay, clock, context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return null;
    }

    private Refused Of(string address, long now)
    {
        if (!_byAddress.ContainsKey(address) && _byAddress.Count >= MostAddresses)
        {
            foreach (var (over, _) in _byAddress.Where(pair => clock.GetElapsedTime(pair.Value.Begun, now) >= Window).ToList())
            {
                _byAddress.Remove(over);
            }

            address = _byAddress.Count >= MostAddresses ? "many addresses" : address;
        }

        if (!_byAddress.TryGetValue(address, out var refused))
        {
            _byAddress[address] = refused = new Refused { Begun = now };
        }
        else if (clock.GetElapsedTime(refused.Begun, now) >= Window)
        {
            (refused.Begun, refused.InWindow) = (now, 0);
        }

        return refused;
    }

    // Whoever has one address of IPv6 has as a rule all of its network.
    private static string AddressOf(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: false, AddressFamily: AddressFamily.InterNetworkV6 } && !IPAddress.IsLoopback(address))
        {
            var bytes = address.GetAddressBytes();
            Array.Clear(bytes, 8, 8);
            return new IPAddress(bytes) + "/64";
        }

        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "this machine";
    }

    [LoggerMessage(LogLevel.Warning, "Refused {Count} requests without a valid credential from {Address} since the last such line")]
    private partial void LogRefused(long count, string address);

    private sealed class Refused
    {
        public long Begun { get; set; }
        public int InWindow { get; set; }
        public long? Logged { get; set; }
        public long Unlogged { get; set; }
    }
}
