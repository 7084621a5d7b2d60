using System.Text.Json;
using Gateway.Http.Bodies;
using Microsoft.OpenApi;

namespace Gateway.Http.OpenApi;

/// <summary>The OpenAPI 3.1 document, and Swagger UI over it; the page needs nothing from outside the process.</summary>
internal static class OpenApiModule
{
    public const string DocumentPath = "/openapi/v1.json";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer<DocumentTransformer>();
        options.AddOperationTransformer<OperationTransformer>();
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    });

    /// <summary>Types with a converter of their own, which the generator cannot see into.</summary>
    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (type == typeof(RawJson) || type == typeof(Gateway.Registration.BatchItem) || type == typeof(JsonElement))
        {
            // Any JSON value at all: the bytes are handed on as they came.
            (schema.Type, schema.Properties) = (null, null);
        }
        else if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            schema.Type = type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
    }

    public static void UseApiPages(this WebApplication app)
    {
        app.UseWhen(static context => context.Request.Path.StartsWithSegments("/swagger"), static pages => pages.UseSwaggerUI(options =>
        {
            options.SwaggerEndpoint(DocumentPath, "Callback gateway");
            options.RoutePrefix = "swagger";
            options.DocumentTitle = "Callback gateway";
            options.EnableTryItOutByDefault();
            options.DisplayRequestDuration();
        }));
        // Made anew for each request otherwise, which is a lot of work for anybody who asks.
        app.MapOpenApi("/openapi/{documentName}.json").CacheOutput();
    }
}
