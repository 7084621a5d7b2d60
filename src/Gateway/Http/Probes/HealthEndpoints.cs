using System.Text.Json.Serialization;
using Gateway.Http.Errors;
using Gateway.Observability;

namespace Gateway.Http.Probes;

/// <summary>What a health endpoint answers.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
/// <param name="Connections">The configured engines by name, where there are any. One that is down does not make the gateway unready: completions are accepted and wait for it.</param>
public sealed record Health(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, ConnectionHealth>? Connections = null);

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

            var connections = context.RequestServices.GetService<ConnectionsReport>()?.Invoke();
            return TypedResults.Ok(new Health("ready", connections is { Count: > 0 } ? connections : null));
        }
        catch (TimeoutException)
        {
            return Problems.StorageUnavailable();
        }
    }
}
