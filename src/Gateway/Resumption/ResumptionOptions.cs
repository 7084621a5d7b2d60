namespace Gateway.Resumption;

/// <summary>How the dispatcher spends its places; the kinds' own options say the rest.</summary>
internal sealed record ResumptionOptions
{
    /// <summary>Attempts under way at once, over all targets. Each holds its payload in memory.</summary>
    public int TotalConcurrency { get; init; } = 256;

    /// <summary>Attempts under way at one host, over all its lanes: a host that hangs cannot take every place.</summary>
    public int HostConcurrency { get; init; } = 64;

    /// <summary>Lanes one look at the store takes in: a place of each that is due and a few milliseconds of reading.</summary>
    public int LanesAtOnce { get; init; } = 1000;

    /// <summary>The store is looked at this often although nobody signalled.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a lease has beyond the attempt's own timeout, for loading before it and recording after it.</summary>
    public TimeSpan LeaseMargin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long attempts under way may go on when the gateway stops; cancelled ones are made again after the next start.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}
