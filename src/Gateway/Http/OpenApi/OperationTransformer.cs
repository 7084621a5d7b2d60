using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Http.ApiKeys;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Gateway.Http.OpenApi;

/// <summary>Completes each generated operation: name, parameters, body, credential and error answers.</summary>
internal sealed partial class OperationTransformer : IOpenApiOperationTransformer
{
    public const string ApiKeyScheme = "ApiKey";
    public const string TaskTokenScheme = "TaskToken";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var route = "/" + context.Description.RelativePath?.TrimEnd('/');
        var document = context.Document!;
        Name(operation, route, metadata);
        AddPathParameters(operation, route);
        AddQuery(operation, metadata);
        Secure(operation, document, route, metadata);
        if (metadata.OfType<BodyNote>().FirstOrDefault() is { } body)
        {
            operation.RequestBody = await BodyAsync(body, context, cancellationToken);
        }

        if (metadata.OfType<AnswerNote>().FirstOrDefault() is { } answer && operation.Responses?["200"] is OpenApiResponse response)
        {
            response.Content = Json(new OpenApiMediaType { Schema = await OneOfAsync(answer.OneOf, context, cancellationToken) });
        }

        ProblemResponses.Add(operation, document, OperationProblems.For(route, metadata));
        ProblemResponses.Sort(operation);
    }

    /// <summary>From the handler, so that the name stays when the address changes: <c>callbackComplete</c>, <c>pullLease</c>.</summary>
    private static void Name(OpenApiOperation operation, string route, IList<object> metadata)
    {
        if (metadata.OfType<MethodInfo>().FirstOrDefault() is not { DeclaringType: { } type } handler)
        {
            return;
        }

        var area = type.Name.Replace("Endpoints", "", StringComparison.Ordinal);
        var action = handler.Name.Replace("Async", "", StringComparison.Ordinal);
        var byHeader = area == "Callback" && !route.Contains("{token}", StringComparison.Ordinal) ? "ByHeader" : "";
        operation.OperationId = $"{char.ToLowerInvariant(area[0])}{area[1..]}{action}{byHeader}";
    }

    /// <summary>Handlers that take the whole request do not declare the parameters of their route.</summary>
    private static void AddPathParameters(OpenApiOperation operation, string route)
    {
        operation.Parameters ??= [];
        foreach (var name in Parameters().Matches(route).Select(match => match.Groups[1].Value))
        {
            var parameter = operation.Parameters.OfType<OpenApiParameter>().FirstOrDefault(known => known.Name == name);
            if (parameter is null)
            {
                parameter = new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true };
                operation.Parameters.Add(parameter);
            }

            (parameter.Schema, parameter.Description) = Describe(name, route);
        }
    }

    private static (OpenApiSchema Schema, string Description) Describe(string name, string route) => name switch
    {
        "token" => (
            new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^cbgt[A-Za-z0-9_-]{56}$" },
            "The task token, a secret: whoever holds it may answer the activity."),
        "workflowId" => (new OpenApiSchema { Type = JsonSchemaType.String }, "The workflow's own id, percent-encoded where it must be."),
        "activityId" when route.Contains("{workflowId}", StringComparison.Ordinal) => (
            new OpenApiSchema { Type = JsonSchemaType.String }, "The step's own id, percent-encoded where it must be."),
        _ => (new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }, "The activity's id, as the registration answered it."),
    };

    private static void AddQuery(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var note in metadata.OfType<QueryNote>())
        {
            operation.Parameters!.Add(new OpenApiParameter
            {
                Name = note.Name,
                In = ParameterLocation.Query,
                Description = note.Meaning,
                Schema = OpenApiModelFactory.Parse<OpenApiSchema>(note.Schema, OpenApiSpecVersion.OpenApi3_1, new OpenApiDocument(), out _, "json"),
            });
        }
    }

    private static void Secure(OpenApiOperation operation, OpenApiDocument document, string route, IList<object> metadata)
    {
        var scopes = metadata.OfType<ScopeRequirement>().FirstOrDefault()?.AnyOf;
        if (scopes is not null)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyScheme, document)] = [] }];
            operation.Description = $"{operation.Description}\n\nAPI key scope: {string.Join(" or ", scopes.Select(scope => $"`{scope}`"))}.".TrimStart();
        }
        else if (route.StartsWith("/activities", StringComparison.Ordinal) && !route.Contains("{token}", StringComparison.Ordinal))
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TaskTokenScheme, document)] = [] }];
        }
    }

    private static async Task<OpenApiRequestBody> BodyAsync(
        BodyNote body, OpenApiOperationTransformerContext context, CancellationToken cancellationToken) => new()
        {
            Required = body.Required,
            Description = body.Meaning,
            Content = Json(new OpenApiMediaType
            {
                Schema = body.Type is null ? new OpenApiSchema() : await SchemaAsync(body.Type, context, cancellationToken),
                Example = JsonNode.Parse(body.Example),
            }),
        };

    private static async Task<IOpenApiSchema> OneOfAsync(
        IReadOnlyList<Type> types, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (types is [var only])
        {
            return await SchemaAsync(only, context, cancellationToken);
        }

        var schema = new OpenApiSchema { OneOf = [] };
        foreach (var type in types)
        {
            schema.OneOf.Add(await SchemaAsync(type, context, cancellationToken));
        }

        return schema;
    }

    private static async Task<IOpenApiSchema> SchemaAsync(
        Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(type.Name) is not true)
        {
            document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken));
        }

        return new OpenApiSchemaReference(type.Name, document);
    }

    private static Dictionary<string, OpenApiMediaType> Json(OpenApiMediaType media) => new() { ["application/json"] = media };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameters();
}
