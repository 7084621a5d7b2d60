using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Http.OpenApi;

/// <summary>What stands once in the document: title, server, credentials, the shape of problems.</summary>
internal sealed class DocumentTransformer(IConfiguration configuration) : IOpenApiDocumentTransformer
{
    private const string About = """
        An activity is a step of a workflow that cannot finish by itself. Its runner registers it and receives a task token; whoever holds
        the token completes it from outside; the gateway checks the result, stores the outcome durably and resumes the workflow.

        * **Callback API**, `/activities`: public, the task token is the credential, in the path or as `Authorization: Bearer`.
        * **Runner API**, `/internal`: an API key with the scope the call names, as `Authorization: Bearer`.

        Paths and methods are matched exactly. Every answer carries `Cache-Control: no-store`. Errors are `application/problem+json`; each `type` is a page.
        """;

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Callback gateway", Version = "v1", Description = About };
        if (configuration["PublicUrl"] is { Length: > 0 } publicUrl)
        {
            document.Servers = [new OpenApiServer { Url = publicUrl.TrimEnd('/') }];
        }

        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[OperationTransformer.ApiKeyScheme] = Bearer("The runner's API key; on a first start it lies in `runner.key` in the data directory.");
        document.Components.SecuritySchemes[OperationTransformer.TaskTokenScheme] = Bearer("The task token of one activity, for the routes without a token in their path.");
        document.AddComponent(ProblemResponses.SchemaName, ProblemResponses.Schema());
        ProblemResponses.AddExamples(document);
        foreach (var path in document.Paths.Values)
        {
            // Every GET answers HEAD too; listed, each would stand twice under one name.
            path.Operations?.Remove(HttpMethod.Head);
        }

        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Bearer(string description) => new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = description };
}
