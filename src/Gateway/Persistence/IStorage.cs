namespace Gateway.Persistence;

/// <summary>An open database with its stores. Opened on first use, which is at start; disposing finishes what was accepted.</summary>
internal interface IStorage : IDisposable
{
    IActivityStore Activities { get; }

    IOutboxStore Outbox { get; }

    /// <summary>For lists and searches: reads only.</summary>
    GatewayDbContext OpenContext();
}
