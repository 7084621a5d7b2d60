using Gateway.Http;

namespace Gateway.FirstStart;

/// <summary>What a newcomer reads on the console: where to look and how to begin. It names the key's file, never the key.</summary>
internal static class Greeting
{
    public static string For(WebApplication app, RunnerKeyFile file)
    {
        var listeners = app.Services.GetRequiredService<Listeners>();
        var (open, runner) = (listeners.FirstPublic, listeners.FirstRunner);
        return $$"""

            The callback gateway is ready at {{open}}
              Swagger UI  {{open}}/swagger
              API key     {{file.FullPath}}
                          made on this first start, readable by its owner alone, good for every namespace
            Register an activity:
              curl -sS {{runner}}/internal/activities -H "Authorization: Bearer $(cat '{{file.FullPath}}')" \
                -H 'Content-Type: application/json' -d '{"workflowId":"order-42","activityId":"charge-card"}'


            """;
    }
}
