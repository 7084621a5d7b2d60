using System.ComponentModel.DataAnnotations;

namespace Gateway.Http;

/// <summary>Bounds of what a caller may send (section <c>Limits</c>).</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Largest result, failure or details, in bytes. Default 2 MiB, 1 KiB to 256 MiB.</summary>
    [Range(1024, 256 * 1024 * 1024, ErrorMessage = "Limits:MaxPayloadBytes must be between 1024 and 268435456.")]
    public int MaxPayloadBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Largest body of any other call of the runner API, a single registration included, in bytes. Default 1 MiB, 1 KiB to 64 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024, ErrorMessage = "Limits:MaxRegistrationBytes must be between 1024 and 67108864.")]
    public int MaxRegistrationBytes { get; init; } = 1024 * 1024;

    /// <summary>Largest batch of registrations, in bytes. Default 16 MiB, 1 KiB to 256 MiB.</summary>
    [Range(1024, 256 * 1024 * 1024, ErrorMessage = "Limits:MaxBatchBytes must be between 1024 and 268435456.")]
    public int MaxBatchBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Seconds a whole body may take to arrive. Default 15, 1 to 300.</summary>
    [Range(1, 300, ErrorMessage = "Limits:BodyTimeoutSeconds must be between 1 and 300.")]
    public int BodyTimeoutSeconds { get; init; } = 15;

    /// <summary>
    /// Requests a second one remote address may send to the callback API, in the long run; a token bucket. Default 0: no
    /// limit. Behind a reverse proxy every caller has the proxy's address, so limit there instead.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = "Limits:RequestsPerSecond must be between 0 and 1000000.")]
    public int RequestsPerSecond { get; init; }

    /// <summary>Requests one remote address may send at once, when <see cref="RequestsPerSecond"/> is on. Default 100.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits:RequestBurst must be between 1 and 1000000.")]
    public int RequestBurst { get; init; } = 100;

    public TimeSpan BodyTimeout => TimeSpan.FromSeconds(BodyTimeoutSeconds);
}
