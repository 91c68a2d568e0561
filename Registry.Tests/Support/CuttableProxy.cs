using System.Net;
using System.Net.Sockets;

namespace Registry.Tests.Support;

/// <summary>A line to a server that can be cut: it listens on a port of this machine and passes on what comes.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Line> _lines = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private volatile bool _isDown;
    private int _cuts;

    public CuttableProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept();
    }

    /// <summary>The port to connect to.</summary>
    public int Port { get; }

    /// <summary>How many lines were cut.</summary>
    public int Cuts => _cuts;

    /// <summary>How many bytes, to and fro, each new line carries before it is cut; null for as many as there are.</summary>
    public Func<int>? Lifetime { get; set; }

    /// <summary>Whether every line is cut, and each new one at once.</summary>
    public bool IsDown
    {
        get => _isDown;
        set
        {
            _isDown = value;
            if (!value)
            {
                return;
            }

            Line[] open;
            lock (_gate)
            {
                open = [.. _lines];
            }

            foreach (var line in open)
            {
                Cut(line);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        IsDown = true;
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task Accept()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_closing.Token);
                _ = Serve(client);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A caller that left before it was accepted, or the end.
            }
        }
    }

    private async Task Serve(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var line = new Line(client, server, Lifetime?.Invoke() ?? int.MaxValue);
        try
        {
            client.NoDelay = true;
            if (!_isDown)
            {
                await server.ConnectAsync(_host, _port);
                lock (_gate)
                {
                    _lines.Add(line);
                }

                await Task.WhenAny(Pass(line, client, server), Pass(line, server, client));
            }
        }
        catch (SocketException)
        {
            // The server is not there: the caller sees a line that ends.
        }

        Cut(line);
    }

    private async Task Pass(Line line, Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (var read = await from.ReceiveAsync(buffer); read > 0; read = await from.ReceiveAsync(buffer))
            {
                if (line.IsSpent(read))
                {
                    Interlocked.Increment(ref _cuts);
                    Cut(line);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The other end learns of it when the line is cut.
        }
    }

    private void Cut(Line line)
    {
        lock (_gate)
        {
            _lines.Remove(line);
        }

        line.Cut();
    }

    private sealed class Line(Socket client, Socket server, int lifetime)
    {
        private long _left = lifetime;

        /// <summary>Whether so many bytes more are too many. What is too much is not passed on.</summary>
        public bool IsSpent(int bytes) => Interlocked.Add(ref _left, -bytes) < 0;

        // Without a linger the peer gets a reset, as from a machine that is gone.
        public void Cut()
        {
            foreach (var end in new[] { client, server })
            {
                try
                {
                    end.LingerState = new LingerOption(true, 0);
                }
                catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
                {
                    // It was cut already.
                }

                end.Dispose();
            }
        }
    }
}

/// <summary>A database of a server as it is reached through a proxy.</summary>
internal sealed class ProxiedDatabase(TestDatabase behind, int port) : TestDatabase
{
    public override string Setting => behind.Setting;

    public override string ConnectionString => new Microsoft.Data.SqlClient.SqlConnectionStringBuilder(behind.ConnectionString)
    {
        DataSource = FormattableString.Invariant($"127.0.0.1,{port}"),
    }.ToString();

    public override ValueTask DisposeAsync() => behind.DisposeAsync();
}
