using System.Globalization;

namespace Gateway.Activities;

/// <summary>Names one lease of one entry. The epoch fences it: after the next lease of the entry this one is lost.</summary>
internal readonly record struct LeaseId(long Sequence, int Epoch)
{
    public static LeaseId Of(ResumptionEntry entry) => new(entry.Sequence, entry.Epoch);

    public static bool TryParse(string text, out LeaseId id)
    {
        id = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return false;
        }

        id = new LeaseId(sequence, epoch);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}.{Epoch}");
}

/// <summary>How a holder ends its lease.</summary>
internal abstract record Settlement
{
    private Settlement() { }

    public sealed record Delivered(string? Answer = null) : Settlement;

    public sealed record RetryAt(DateTimeOffset At, string? Answer = null) : Settlement;

    public sealed record Dead(string Answer) : Settlement;
}

/// <summary>What became of a settlement.</summary>
internal enum LeaseAnswer
{
    Settled,

    /// <summary>The same settlement of the same lease was recorded before.</summary>
    Repeated,

    /// <summary>Another holder has the entry, or it was settled otherwise: nothing changed.</summary>
    Lost,
}
