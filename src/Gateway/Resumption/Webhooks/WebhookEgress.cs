using System.Net;
using System.Net.Sockets;

namespace Gateway.Resumption.Webhooks;

/// <summary>Looks a host name up; never asked about IP literals.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>No address of the host may be connected to.</summary>
/// <remarks>An exception because the HTTP stack calls the connect callback and lets nothing else through.</remarks>
internal sealed class EgressRefusedException() : IOException("No address of the host may be reached by webhooks.");

/// <summary>
/// The way out for webhooks. Addresses are judged after the name was looked up and the connection goes to a judged address,
/// not to the name, so that a name which changes its mind between check and use gains nothing.
/// </summary>
internal sealed class WebhookEgress(bool allowPrivateNetworks, AllowedHosts allowedHosts, ResolveHost resolve, TimeProvider time)
{
    /// <summary>At most so much of an answer is read.</summary>
    public const int AnswerLimit = 64 * 1024;

    /// <summary>A pooled connection is not judged again, so it does not live long.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    /// <summary>What one of several addresses gets, so that a dead one leaves time for the next.</summary>
    private static readonly TimeSpan AddressTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Judges by itself: no redirects, no proxy, no cookies, no decompression.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        Credentials = null,
        PreAuthenticate = false,
        MaxResponseHeadersLength = 16,
        // An answer that nobody reads is drained up to here, so that the connection can be used again; a longer one closes it.
        MaxResponseDrainSize = AnswerLimit,
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken),
    };

    /// <exception cref="EgressRefusedException">No address of the host is allowed.</exception>
    /// <exception cref="SocketException">The host has no address, or none of the allowed ones answers.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        // The resolver of the base library refuses to look at 0.0.0.0 and ::, by an exception that says nothing of why.
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await resolve(target.Host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var judged = Array.FindAll(addresses, address => MayReach(target.Host, address));
        for (var i = 0; i < judged.Length - 1; i++)
        {
            if (await TryConnectAsync(judged[i], target.Port, cancellationToken) is { } stream)
            {
                return stream;
            }
        }

        return judged.Length == 0
            ? throw new EgressRefusedException()
            : await ConnectAsync(judged[^1], target.Port, cancellationToken);
    }

    public bool MayReach(string host, IPAddress address) =>
        allowPrivateNetworks || AddressJudge.IsPublic(address) || allowedHosts.Contains(host);

    /// <summary>Null where this address does not answer in its time.</summary>
    private async Task<Stream?> TryConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AddressTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await ConnectAsync(address, port, linked.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
