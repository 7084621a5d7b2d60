using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Gateway.Http.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Gateway.Http;

/// <summary>An optional token bucket per remote address in front of the callback API; the runner API has credentials instead.</summary>
internal sealed class CallbackRateLimit(IOptions<LimitsOptions> limits) : IConfigureOptions<RateLimiterOptions>
{
    public void Configure(RateLimiterOptions options)
    {
        var (perSecond, burst) = (limits.Value.RequestsPerSecond, limits.Value.RequestBurst);
        options.OnRejected = static (rejected, _) =>
        {
            var after = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
            return new ValueTask(Problems.RateLimited(after).ExecuteAsync(rejected.HttpContext));
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsCallback(context.Request.Path)
            ? RateLimitPartition.GetTokenBucketLimiter(Origin(context.Connection.RemoteIpAddress), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            })
            : RateLimitPartition.GetNoLimiter(""));
    }

    /// <summary>One origin is one IPv4 address or one IPv6 /64: a single host has all addresses of its own /64.</summary>
    internal static string Origin(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)).ToLower(CultureInfo.InvariantCulture)
            : address.ToString();
    }

    private static bool IsCallback(PathString path) => path.StartsWithSegments("/activities", StringComparison.OrdinalIgnoreCase);
}
