namespace Gateway.Resumption.Connections;

/// <summary>
/// Asks engines that nothing was heard of for a while whether they answer, so that health says how they are before the first
/// outcome needs them, and the rest of one that is up again ends early.
/// </summary>
internal sealed partial class ConnectionProber(ConnectionRegistry connections, TimeProvider time, ILogger<ConnectionProber> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    internal Task RunPassAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(connections.All.Where(IsSilent).Select(connection => ProbeAsync(connection, cancellationToken)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (connections.All.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await RunPassAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private bool IsSilent(Connection connection) =>
        connection.State.Status.Status is not "up" || time.GetUtcNow() - connection.State.HeardAt >= Interval;

    private async Task ProbeAsync(Connection connection, CancellationToken cancellationToken)
    {
        var before = connection.State.Status.Status;
        try
        {
            await connection.ProbeAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Not the message: it may quote a header.
            Log.Threw(logger, connection.Name, exception.GetType().Name, exception.StackTrace);
            return;
        }

        if (connection.State.Status is var now && now.Status != before)
        {
            Log.Changed(logger, connection.Name, now.Status, now.Trouble ?? "it answers");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Connection {Connection} is {Status}: {Why}.")]
        public static partial void Changed(ILogger logger, string connection, string status, string why);

        [LoggerMessage(Level = LogLevel.Error, Message = "Probing connection {Connection} threw {Exception}. {StackTrace}")]
        public static partial void Threw(ILogger logger, string connection, string exception, string? stackTrace);
    }
}
