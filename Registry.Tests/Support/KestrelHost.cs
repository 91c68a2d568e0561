using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace Registry.Tests.Support;

/// <summary>The whole program behind its real web server, for what no client library would send.</summary>
internal sealed class KestrelHost : WebApplicationFactory<Program>
{
    private readonly TestDatabase _database;
    private readonly Uri _address;
    private readonly Dictionary<string, string> _settings;
    private readonly ILoggerProvider _log;

    public KestrelHost(TestDatabase database, Dictionary<string, string>? settings = null, ILoggerProvider? log = null)
    {
        _database = database;
        _settings = settings ?? [];
        _log = log ?? new ErrorsOfTheProgram();
        UseKestrel(0);
        using var client = CreateClient();
        _address = client.BaseAddress!;
    }

    /// <summary>Opens a connection.</summary>
    public async Task<TcpClient> Connect()
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(_address.Host, _address.Port);
        return connection;
    }

    /// <summary>Sends everything before it reads anything, as simple clients do; a broken connection is an error.</summary>
    public async Task<ApiAnswer> SendThenRead(string head, byte[] body)
    {
        using var connection = await Connect();
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Head(head, Encoding.UTF8));
        await stream.WriteAsync(body);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        return Read(head.Split('\n')[0], received.ToArray());
    }

    /// <summary>Sends bytes as they are and reads until the server closes the connection or the answer is whole.</summary>
    public async Task<ApiAnswer> Send(string head, byte[] body, Encoding? encoding = null)
    {
        using var connection = await Connect();
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Head(head, encoding ?? Encoding.UTF8));
        try
        {
            await stream.WriteAsync(body);
        }
        catch (IOException)
        {
            // The server has answered and does not want the rest.
        }

        using var received = new MemoryStream();
        try
        {
            await stream.CopyToAsync(received);
        }
        catch (IOException)
        {
            // The server has answered and closed the connection on what it did not read.
        }

        return Read(head.Split('\n')[0], received.ToArray());
    }

    /// <summary>The head of a request as it travels.</summary>
    public static byte[] Head(string head, Encoding encoding) => encoding.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n");

    private static ApiAnswer Read(string request, byte[] received)
    {
        var end = received.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = Encoding.ASCII.GetString(received, 0, Math.Max(0, end)).Split("\r\n");
        var headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = received.AsSpan(end + 4);
        return new ApiAnswer(
            request,
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            headers.GetValueOrDefault("Content-Type")?.Split(';')[0],
            headers.GetValueOrDefault("ETag"),
            headers.GetValueOrDefault("Location"),
            Encoding.UTF8.GetString(headers.ContainsKey("Transfer-Encoding") ? Joined(body) : body))
        {
            Headers = headers,
        };
    }

    private static byte[] Joined(ReadOnlySpan<byte> chunks)
    {
        var body = new List<byte>();
        while (chunks.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var length = int.Parse(Encoding.ASCII.GetString(chunks[..end]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(chunks.Slice(end + 2, length));
            chunks = chunks[(end + 2 + length + 2)..];
        }

        return [.. body];
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Registry:Database", _database.Setting);
        builder.UseSetting("ConnectionStrings:Registry", _database.ConnectionString);
        builder.UseSetting("Registry:AdminKey", RegistryHost.Key);
        builder.UseSetting("Registry:Limits:RefusedCredentialMilliseconds", "0");
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log));
    }
}
