using System.Net.Sockets;

namespace Gateway.Resumption.Connections;

/// <summary>Why a call got no answer, and whether it may have arrived.</summary>
internal static class TransportFault
{
    public static EngineAnswer.Again Of(HttpRequestException exception) => exception.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Unsent("host name not resolved"),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Unsent("connection refused"),
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => Unsent("host unreachable"),
        SocketException { SocketErrorCode: SocketError.TimedOut } => Unsent("connecting timed out"),
        _ => exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Unsent("host name not resolved"),
            HttpRequestError.ConnectionError => Unsent("connection failed"),
            HttpRequestError.SecureConnectionError => Unsent("TLS handshake failed"),
            HttpRequestError.VersionNegotiationError => Unsent("the port does not speak HTTP/2"),
            HttpRequestError.ResponseEnded => Lost("connection closed before an answer"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => Lost("answer is not HTTP"),
            _ => Lost("connection lost"),
        },
    };

    /// <summary>The call itself was never on its way.</summary>
    private static EngineAnswer.Again Unsent(string why) => new(why, MayHaveArrived: false, Down: true);

    private static EngineAnswer.Again Lost(string why) => new(why, MayHaveArrived: true, Down: true);
}
