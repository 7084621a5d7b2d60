using System.Text.Json;
using Gateway.Activities;

namespace Gateway.Persistence;

/// <summary>A return schema's text as registered, and the SHA-256 that names it.</summary>
internal sealed class KnownSchema(ReadOnlyMemory<byte> text)
{
    public ReadOnlyMemory<byte> Text => text;

    public OutcomeDigest Hash { get; } = OutcomeDigest.Of(text.Span);
}

/// <summary>An activity to register, with what only the store needs of it.</summary>
/// <param name="Schema">Null allows any JSON.</param>
/// <param name="Fingerprint">Equal for a repeated registration, different for another one under the same identity.</param>
internal sealed record NewActivity(WorkflowActivity Activity, KnownSchema? Schema, byte[] Fingerprint)
{
    /// <summary>Bytes of payload it holds in memory while it waits.</summary>
    public int Weight => (Schema?.Text.Length ?? 0) + (Activity.OnTimeoutResult?.Length ?? 0);

    // What follows is worked out here, by many at once, and not by the one writer they wait for.

    /// <summary>The labels' stored form; null when there are none.</summary>
    public string? LabelsText { get; } = Activity.Labels.Count == 0
        ? null
        : JsonSerializer.Serialize(new Dictionary<string, string>(Activity.Labels), LabelsJson.Default.DictionaryStringString);

    /// <summary>The labels' keys in the index.</summary>
    public IReadOnlyList<long> LabelHashes { get; } = Activity.Labels.Count == 0
        ? []
        : [.. Activity.Labels.Select(label => LabelHash.Of(label.Key, label.Value))];
}

/// <summary>What a registration came to.</summary>
internal abstract record Registered
{
    private Registered() { }

    public sealed record Added(WorkflowActivity Activity) : Registered;

    /// <summary>The same registration stood there already.</summary>
    public sealed record Repeated(WorkflowActivity Activity) : Registered;

    /// <summary>A different registration stands under the same identity.</summary>
    public sealed record Different(ActivityId Existing) : Registered;

    /// <summary>A higher attempt of the same step is registered.</summary>
    public sealed record Outdated(ActivityId Newer, int NewerAttempt) : Registered;
}

/// <summary>What a guarded change of a pending activity came to.</summary>
internal enum Guarded
{
    /// <summary>The activity was pending and is changed.</summary>
    Done,

    /// <summary>The activity was closed meanwhile, or is gone, or is not as it was remembered: nothing changed.</summary>
    NotPending,
}

/// <summary>What one step of the purge came to.</summary>
/// <param name="Count">Activities removed.</param>
/// <param name="Next">Where the next step goes on; null when nothing older than the cutoff is left to look at.</param>
internal sealed record Purged(int Count, long? Next);
