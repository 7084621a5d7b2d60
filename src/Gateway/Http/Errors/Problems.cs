using System.Diagnostics;
using System.Globalization;
using Gateway.Activities;
using Gateway.JsonSchema;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Http.Errors;

/// <summary>
/// Every error answer of the gateway (RFC 9457). A detail says what is wrong, what to do, and whether repeating the call is
/// safe; it never quotes a token, a key or a recorded value.
/// </summary>
internal static class Problems
{
    /// <summary>The writer of problems copies this member into the <c>Retry-After</c> header.</summary>
    internal const string RetryAfterMember = "retryAfterSeconds";

    public static ProblemHttpResult UnknownToken() => Create(
        ProblemKinds.UnknownToken,
        "The task token is malformed, forged or was never issued. Check that it arrived whole; sending the same one again is pointless.");

    public static ProblemHttpResult NotFound() => Create(
        ProblemKinds.NotFound,
        "There is nothing at this address that the caller may see. Check path and id; sending the same request again is pointless.");

    public static ProblemHttpResult CapabilityMissing(Capabilities missing) => Create(
        ProblemKinds.CapabilityMissing,
        $"The token lacks the capability {string.Join(", ", missing.List())}. Nothing was changed; ask the runner for a token that has it.");

    public static ProblemHttpResult AlreadyClosed(Closing closing) => OfClosing(
        ProblemKinds.AlreadyClosed, closing,
        $"The activity was {Spoken(closing)} at {Rfc3339.Format(closing.ClosedAt)}. Nothing was changed; stop sending, repeating is pointless.");

    /// <summary>The activity was canceled or timed out: the call can never succeed.</summary>
    public static ProblemHttpResult Gone(Closing closing)
    {
        var kind = closing.State switch
        {
            ActivityState.TimedOut => ProblemKinds.TimedOut,
            ActivityState.Canceled when closing.ClosedBy is ClosedBy.Superseded => ProblemKinds.AttemptSuperseded,
            ActivityState.Canceled => ProblemKinds.Canceled,
            _ => throw new UnreachableException($"{closing.State} is not gone."),
        };
        var how = kind == ProblemKinds.AttemptSuperseded ? "closed by a later attempt"
            : closing.ClosedBy is ClosedBy.Engine ? "closed because its workflow engine waits for it no more"
            : Spoken(closing);
        return OfClosing(kind, closing, $"The activity was {how} at {Rfc3339.Format(closing.ClosedAt)}. It can never succeed: stop sending.");
    }

    /// <summary>409 or 410, whichever fits how the activity ended.</summary>
    public static ProblemHttpResult Closed(Closing closing) =>
        closing.State is ActivityState.Completed or ActivityState.Failed ? AlreadyClosed(closing) : Gone(closing);

    public static ProblemHttpResult TokenSuperseded() => Create(
        ProblemKinds.TokenSuperseded,
        "The activity's token was rotated and this one is of an older generation. It can never succeed: stop sending, use the new token.");

    public static ProblemHttpResult TokenExpired(DateTimeOffset expiredAt) => Create(
        ProblemKinds.TokenExpired,
        $"The token expired at {Rfc3339.Format(expiredAt)}. It can never succeed: stop sending, ask the runner for a new one.",
        ("expiredAt", Rfc3339.Format(expiredAt)));

    public static ProblemHttpResult Purged() => Create(
        ProblemKinds.Purged,
        "The activity ended longer ago than closed activities are kept. It can never succeed: stop sending.");

    public static ProblemHttpResult AlreadyRegistered(ActivityId existing) => Create(
        ProblemKinds.AlreadyRegistered,
        $"Activity {existing} has this identity with a different registration. Nothing was stored; repeat the original unchanged, or register the next attempt.",
        ("activityId", existing.ToString()));

    public static ProblemHttpResult AttemptOutdated(ActivityId newer, int newerAttempt) => Create(
        ProblemKinds.AlreadyRegistered,
        $"Attempt {newerAttempt} of this step is registered already, as activity {newer}. Nothing was stored; register a higher attempt.",
        ("activityId", newer.ToString()));

    /// <param name="errors">Messages by camelCase field path, each saying what the field must be.</param>
    public static ProblemHttpResult InvalidRequest(IReadOnlyDictionary<string, string[]> errors) => Create(
        ProblemKinds.InvalidRequest,
        $"{Fields(errors)} Nothing was stored; correct the request and send it again.",
        ("errors", errors));

    public static ProblemHttpResult InvalidRequest(string field, string message) =>
        InvalidRequest(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    public static ProblemHttpResult MalformedJson(JsonProblem problem) => Create(
        ProblemKinds.MalformedJson,
        $"{problem.Message.TrimEnd('.')} (byte {problem.BytePosition.ToString(CultureInfo.InvariantCulture)}). Nothing was stored; correct the body and send it again.",
        ("bytePosition", problem.BytePosition));

    /// <param name="truncated">There were more violations than are listed.</param>
    public static ProblemHttpResult SchemaViolation(IReadOnlyList<Violation> violations, bool truncated)
    {
        var count = truncated ? $"more than {violations.Count} places" : violations.Count == 1 ? "one place" : $"{violations.Count} places";
        var detail = $"The body breaks the return schema in {count}, see errors. Nothing was stored and the token stays good: correct the body and send it again.";
        return truncated
            ? Create(ProblemKinds.SchemaViolation, detail, ("errors", Listed(violations)), ("truncated", true))
            : Create(ProblemKinds.SchemaViolation, detail, ("errors", Listed(violations)));
    }

    /// <summary>The check itself was given up at its bound of work, which is never a pass.</summary>
    public static ProblemHttpResult SchemaUndecided() => Create(
        ProblemKinds.SchemaViolation,
        "The body could not be checked against the return schema within the bound of work. Nothing was stored and the token stays good: send a smaller body, repeating is pointless.",
        ("errors", Listed([new Violation("", "", null, "The check was given up: body and schema together take too much work.")])));

    /// <param name="field">Where the schema stands in the request.</param>
    public static ProblemHttpResult InvalidSchema(IReadOnlyList<SchemaError> errors, string field = "returnSchema") => Create(
        ProblemKinds.InvalidSchema,
        $"{field}{errors[0].Location}: {errors[0].Message} Nothing was registered; correct the schema and register again.",
        ("errors", errors.Select(error => new SchemaErrorMember(field, error.Location, error.Message)).ToArray()));

    public static ProblemHttpResult PayloadTooLarge(long limit) => Create(
        ProblemKinds.PayloadTooLarge,
        $"The body is larger than {limit.ToString(CultureInfo.InvariantCulture)} bytes. Nothing was stored; send less, repeating is pointless.",
        ("limit", limit));

    /// <param name="detail">What is wrong with the content headers and what to send instead.</param>
    public static ProblemHttpResult UnsupportedMediaType(string detail) => Create(
        ProblemKinds.UnsupportedMediaType, $"{detail} Nothing was stored; correct the header and send the request again.");

    public static ProblemHttpResult MethodNotAllowed() => Create(
        ProblemKinds.MethodNotAllowed,
        "This address does not answer the request's method. Use one that the Allow header lists; repeating is pointless.");

    public static ProblemHttpResult NotAcceptable(string offered) => Create(
        ProblemKinds.NotAcceptable,
        $"The Accept header excludes {offered}, which is all this address offers. Nothing was changed; accept it, or leave the header out.");

    public static ProblemHttpResult RequestTimeout() => Create(
        ProblemKinds.RequestTimeout,
        "The whole body did not arrive in time and the connection is closed. Nothing was stored; sending the request again is safe.");

    public static ProblemHttpResult RateLimited(TimeSpan retryAfter) => Retriable(
        ProblemKinds.RateLimited, retryAfter, "This address sent too many requests. Nothing was stored; wait, then send again.");

    public static ProblemHttpResult Overloaded() => Retriable(
        ProblemKinds.Overloaded, TimeSpan.FromSeconds(1),
        "More writes are waiting than the gateway accepts. Nothing was stored; wait, then send the same call again.");

    public static ProblemHttpResult StorageUnavailable() => Retriable(
        ProblemKinds.StorageUnavailable, TimeSpan.FromSeconds(5),
        "The storage could not be reached or refused to write. Nothing was acknowledged; wait, then send the same call again.");

    /// <summary>A commit was under way when the storage went away.</summary>
    public static ProblemHttpResult StorageUncertain() => Retriable(
        ProblemKinds.StorageUnavailable, TimeSpan.FromSeconds(5),
        "The storage went away while the call was being stored: it may or may not stand there, and nothing was acknowledged. Wait, then send the same call again: an identical one finds out and does no harm.");

    public static ProblemHttpResult InternalError() => Create(
        ProblemKinds.InternalError,
        "The gateway failed; its log has the details under this traceId. Sending the same call again is safe.");

    public static ProblemHttpResult Unauthenticated(string credential = "API key") => Create(
        ProblemKinds.Unauthenticated,
        $"The request carries no valid {credential}. Nothing was changed; send it as Authorization: Bearer <{credential}>.");

    /// <param name="detail">What the key lacks.</param>
    public static ProblemHttpResult Forbidden(string detail) => Create(
        ProblemKinds.Forbidden, $"{detail} Nothing was changed; use another key, repeating is pointless.");

    internal static ProblemHttpResult Create(ProblemKind kind, string detail, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var problem = new ProblemDetails { Type = kind.Type, Title = kind.Title, Status = kind.Status, Detail = detail };
        problem.Extensions["code"] = kind.Code;
        foreach (var (name, value) in members)
        {
            problem.Extensions[name] = value;
        }

        return TypedResults.Problem(problem);
    }

    private static ViolationMember[] Listed(IReadOnlyList<Violation> violations) =>
        [.. violations.Select(one => new ViolationMember(one.InstanceLocation, one.KeywordLocation, one.AbsoluteKeywordLocation, one.Message))];

    private static ProblemHttpResult OfClosing(ProblemKind kind, Closing closing, string detail)
    {
        var (state, closedAt) = (closing.State.Wire(), Rfc3339.Format(closing.ClosedAt));
        // Time running out and a later attempt have no body: there is nothing a digest could be compared with.
        return closing.State is not ActivityState.TimedOut && closing.ClosedBy is not (ClosedBy.Superseded or ClosedBy.Engine)
            ? Create(kind, detail, ("state", state), ("closedAt", closedAt), ("digest", closing.Digest.ToString()))
            : Create(kind, detail, ("state", state), ("closedAt", closedAt));
    }

    private static ProblemHttpResult Retriable(ProblemKind kind, TimeSpan retryAfter, string detail) =>
        Create(kind, detail, (RetryAfterMember, Math.Max(1L, (long)Math.Ceiling(retryAfter.TotalSeconds))));

    private static string Spoken(Closing closing) => closing.State switch
    {
        ActivityState.Completed => "completed",
        ActivityState.Failed => "failed",
        ActivityState.Canceled => "canceled",
        ActivityState.TimedOut => "closed by its deadline",
        _ => throw new UnreachableException(),
    };

    private static string Fields(IReadOnlyDictionary<string, string[]> errors) =>
        errors.Count == 1 ? $"{errors.Keys.First()}: {errors.Values.First()[0].TrimEnd('.')}." : $"{errors.Count} fields are not valid, see errors.";
}
