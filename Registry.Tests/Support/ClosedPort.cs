using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Registry.Tests.Support;

/// <summary>A SQL Server that is not there.</summary>
internal static class ClosedPort
{
    /// <summary>A connection string to a port of this machine where nobody listens. The driver tries for a second.</summary>
    public static string ConnectionString()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Server=127.0.0.1,{port};Database=registry;User ID=nobody;Password=nothing;Encrypt=false;TrustServerCertificate=true;Connect "
                + $"Timeout=1");
    }
}
