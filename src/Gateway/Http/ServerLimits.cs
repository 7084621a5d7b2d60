using Gateway.Http.Bodies;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Gateway.Http;

/// <summary>Kestrel's own bounds, behind those of <see cref="RequestBody"/>.</summary>
internal sealed class ServerLimits(IOptions<LimitsOptions> limits) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        var value = limits.Value;
        var largest = Math.Max(value.MaxPayloadBytes, Math.Max(value.MaxRegistrationBytes, value.MaxBatchBytes));
        // Kestrel counts the framing of chunks too: leave room, so that ours is the limit a caller meets.
        options.Limits.MaxRequestBodySize = 2L * largest + 64 * 1024;
        options.AddServerHeader = false;
    }
}
