using Gateway.Http;

namespace Gateway.Observability;

/// <summary>Proves that the storage can be read and written; throws where it cannot.</summary>
internal delegate Task StorageProbe(CancellationToken cancellationToken);

/// <summary>What a health endpoint answers.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record Health(string Status);

/// <summary>Whether the process lives, and whether it should get traffic.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Operations");
        group.MapMethods("/live", Methods, Live);
        group.MapMethods("/ready", Methods, ReadyAsync);
    }

    /// <summary>Answers as long as the process serves requests.</summary>
    internal static IResult Live() => TypedResults.Ok(new Health("live"));

    /// <summary>Answers 200 while the storage can be read and written and the gateway is not stopping.</summary>
    internal static async Task<IResult> ReadyAsync(HttpContext context, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Problems.StorageUnavailable();
        }

        try
        {
            if (context.RequestServices.GetService<StorageProbe>() is { } probe)
            {
                await probe(context.RequestAborted).WaitAsync(Patience, time, context.RequestAborted);
            }

            return TypedResults.Ok(new Health("ready"));
        }
        catch (TimeoutException)
        {
            return Problems.StorageUnavailable();
        }
    }
}
