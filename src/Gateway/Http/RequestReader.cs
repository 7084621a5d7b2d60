using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Gateway.Http;

/// <summary>What reading a request document came to.</summary>
internal abstract record RequestRead<T>
    where T : class
{
    private RequestRead() { }

    /// <summary>Well-formed, bound, and valid by its validator.</summary>
    public sealed record Accepted(T Request) : RequestRead<T>;

    public sealed record Refused(ProblemHttpResult Problem) : RequestRead<T>;
}

/// <summary>
/// Reads a JSON request document: bounded body, strict JSON, binding, validation. Whatever is wrong is named by field, in
/// the words of the document and not of the code.
/// </summary>
internal static class RequestReader
{
    /// <param name="maxBytes">Null: <see cref="LimitsOptions.MaxRegistrationBytes"/>.</param>
    /// <param name="whenEmpty">What an empty body stands for; null where a body is required.</param>
    public static async ValueTask<RequestRead<T>> ReadAsync<T>(HttpContext context, long? maxBytes = null, T? whenEmpty = null)
        where T : class
    {
        var services = context.RequestServices;
        var limit = maxBytes ?? services.GetRequiredService<IOptions<LimitsOptions>>().Value.MaxRegistrationBytes;
        var read = await RequestBody.ReadAsync(context, limit);
        if (read is BodyRead.Refused refused)
        {
            return new RequestRead<T>.Refused(refused.Problem);
        }

        using var body = ((BodyRead.Received)read).Body;
        if (body.Bytes.IsEmpty && whenEmpty is not null)
        {
            return new RequestRead<T>.Accepted(whenEmpty);
        }

        return await ParseAsync<T>(services, body.Bytes, context.RequestAborted);
    }

    /// <summary>The same for one document inside another, such as an item of a batch.</summary>
    public static async ValueTask<RequestRead<T>> ParseAsync<T>(
        IServiceProvider services, ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
        where T : class
    {
        var bound = RequestBinder.Bind<T>(utf8.Span, services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        if (bound is not RequestRead<T>.Accepted accepted)
        {
            return bound;
        }

        if (services.GetService<IValidator<T>>() is not { } validator)
        {
            return bound;
        }

        var judged = await validator.ValidateAsync(accepted.Request, cancellationToken);
        return judged.IsValid ? bound : new RequestRead<T>.Refused(Problems.InvalidRequest(FieldErrors.Of(judged)));
    }
}
