using System.Text.Json;
using FluentValidation;
using Gateway.Http.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Gateway.Http.Bodies;

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
    /// <param name="bind">Null: <see cref="RequestBinder.Bind"/>.</param>
    public static async ValueTask<RequestRead<T>> ReadAsync<T>(
        HttpContext context, long? maxBytes = null, T? whenEmpty = null,
        Func<ReadOnlyMemory<byte>, JsonSerializerOptions, RequestRead<T>>? bind = null)
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

        var bound = (bind ?? RequestBinder.Bind<T>)(body.Bytes, Options(services));
        return await JudgeAsync(services, bound, context.RequestAborted);
    }

    /// <summary>The same for a document that was received already.</summary>
    public static ValueTask<RequestRead<T>> ParseAsync<T>(
        IServiceProvider services, ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
        where T : class => JudgeAsync(services, RequestBinder.Bind<T>(utf8, Options(services)), cancellationToken);

    /// <summary>The same for a value inside a document that was read, such as an item of a batch.</summary>
    public static ValueTask<RequestRead<T>> ParseItemAsync<T>(IServiceProvider services, RawJson item, CancellationToken cancellationToken)
        where T : class => JudgeAsync(services, RequestBinder.BindChecked<T>(item.Utf8, Options(services)), cancellationToken);

    /// <summary>Validates what was bound already.</summary>
    public static async ValueTask<RequestRead<T>> JudgeAsync<T>(
        IServiceProvider services, RequestRead<T> bound, CancellationToken cancellationToken)
        where T : class
    {
        if (bound is not RequestRead<T>.Accepted accepted || services.GetService<IValidator<T>>() is not { } validator)
        {
            return bound;
        }

        var judged = await validator.ValidateAsync(accepted.Request, cancellationToken);
        return judged.IsValid ? bound : new RequestRead<T>.Refused(Problems.InvalidRequest(FieldErrors.Of(judged)));
    }

    private static JsonSerializerOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
}
