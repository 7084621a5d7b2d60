namespace Gateway.Http;

/// <summary>
/// When an open wait must end: with the caller's connection, or with the gateway. Stopping does not abort requests, so a
/// long poll that listened to its connection alone would hold the stop for half a minute.
/// </summary>
internal sealed class Waits(IHostApplicationLifetime lifetime)
{
    public CancellationTokenSource EndsWith(HttpContext context) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
}
