using System.Collections.Frozen;

namespace Gateway.Http.Errors;

/// <summary>Every kind of problem the gateway answers with: one table for the answers, their pages and the OpenAPI document.</summary>
internal static class ProblemKinds
{
    public static readonly ProblemKind MalformedJson = new(
        "malformed-json", 400, "The body is not one JSON value",
        "The body was read as bytes and is not exactly one JSON value of RFC 8259 in UTF-8. Also refused: lone surrogate escapes, one member name twice in an object (at any depth), nesting over 64 levels, more than 10,000 members in one object, and anything after the value.",
        "Correct the body at the byte position the detail names and send it again.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind InvalidRequest = new(
        "invalid-request", 400, "The request is not valid",
        "A field of the body, the query or a header is missing, has the wrong type or is out of range, or the request itself is broken.",
        "Correct what the member errors names, field by field, and send the request again.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind Unauthenticated = new(
        "unauthenticated", 401, "No valid credential",
        "The request carries no credential, or an API key the gateway does not know.",
        "Send Authorization: Bearer <credential>: an API key on the runner API, a task token on the callback routes without a token in their path.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind Forbidden = new(
        "forbidden", 403, "The API key may not do this",
        "The API key is known, but lacks the scope this call needs or belongs to another namespace.",
        "Use a key with the scope and namespace the detail names, or have the operator widen this one.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind CapabilityMissing = new(
        "capability-missing", 403, "The task token may not do this",
        "The task token is genuine but was issued without the capability this call needs.",
        "Use a token that has the capability; the runner can issue one.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind UnknownToken = new(
        "unknown-token", 404, "Unknown task token",
        "The task token is malformed, was changed on its way, or was never issued by this gateway. The three answer alike, so that nobody can search for tokens.",
        "Check that the token arrived whole: exactly 60 characters, beginning with cbgt. Ask whoever gave it to you for a new one otherwise.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind NotFound = new(
        "not-found", 404, "Not found",
        "There is nothing at this address, or nothing that this API key may see.",
        "Check path and id. Paths are matched exactly: letter case counts, and there is no trailing slash.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind MethodNotAllowed = new(
        "method-not-allowed", 405, "Method not allowed",
        "The address exists but does not answer this method. Methods are matched exactly, in upper case.",
        "Use one of the methods in the Allow header.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind NotAcceptable = new(
        "not-acceptable", 406, "Not acceptable",
        "The Accept header excludes every form this address can answer in.",
        "Accept application/json, or leave the Accept header out.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind RequestTimeout = new(
        "request-timeout", 408, "The body took too long",
        "The whole body did not arrive in time (15 seconds unless configured otherwise). The connection is closed.",
        "Send the request again over a better connection. Nothing was stored.",
        Repeating.Safe);

    public static readonly ProblemKind AlreadyClosed = new(
        "already-closed", 409, "The activity has another outcome already",
        "The activity was completed or failed by a different call. State, time and digest of the outcome that won are in the problem; its value is not shown.",
        "Stop sending. If you are the only sender, compare the digest (SHA-256 of the body's bytes) with what you sent before.",
        Repeating.Pointless);

    public static readonly ProblemKind AlreadyRegistered = new(
        "already-registered", 409, "The identity belongs to another registration",
        "An activity with this namespace, workflowId, runId, activityId and attempt exists, and its registration differs from this one.",
        "Repeat the original registration unchanged to get its token again, or register the next attempt.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind TimedOut = new(
        "timed-out", 410, "The activity timed out",
        "Its deadline, or its heartbeat deadline, passed before an outcome arrived.",
        "Stop sending. The workflow went on without this outcome.",
        Repeating.Pointless);

    public static readonly ProblemKind Canceled = new(
        "canceled", 410, "The activity was canceled",
        "It was canceled before this call arrived.",
        "Stop sending, and stop the work behind it.",
        Repeating.Pointless);

    public static readonly ProblemKind TokenSuperseded = new(
        "token-superseded", 410, "The task token was replaced",
        "The activity's token was rotated: an older generation is good for nothing any more.",
        "Use the new token; the runner that rotated it has it.",
        Repeating.Pointless);

    public static readonly ProblemKind AttemptSuperseded = new(
        "attempt-superseded", 410, "A later attempt took over",
        "The runner registered a higher attempt of this activity, which closed this one.",
        "Stop sending for this attempt. The later attempt has a token of its own.",
        Repeating.Pointless);

    public static readonly ProblemKind TokenExpired = new(
        "token-expired", 410, "The task token expired",
        "The token was issued for a limited time, which is over. The activity itself may still be pending.",
        "Ask the runner for a new token.",
        Repeating.Pointless);

    public static readonly ProblemKind Purged = new(
        "purged", 410, "The activity was purged",
        "The activity ended longer ago than the gateway keeps closed activities.",
        "Stop sending.",
        Repeating.Pointless);

    public static readonly ProblemKind PayloadTooLarge = new(
        "payload-too-large", 413, "The body is too large",
        "The body is larger than this call accepts. That is known before it is all read.",
        "Send less: store the data elsewhere and send a reference, or have the operator raise the limit.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind UnsupportedMediaType = new(
        "unsupported-media-type", 415, "The body is not sent as JSON",
        "Bodies are application/json or application/*+json in UTF-8, without a Content-Encoding. A missing Content-Type is taken as JSON.",
        "Correct Content-Type and Content-Encoding. With curl: add -H 'Content-Type: application/json'.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind SchemaViolation = new(
        "schema-violation", 422, "The result does not fit the return schema",
        "The body is JSON but breaks the JSON Schema its activity was registered with. Every violation is listed with its place in the body and in the schema.",
        "Correct the body and send it again: the activity is still pending and the token stays good. GET /activities/{token} shows the schema, ?dryRun=true checks without storing.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind InvalidSchema = new(
        "invalid-schema", 422, "The return schema is broken",
        "The schema of the registration is not a valid JSON Schema 2020-12, refers to something outside itself, or is beyond a bound.",
        "Correct the schema at the places the member errors names and register again.",
        Repeating.AfterCorrection);

    public static readonly ProblemKind RateLimited = new(
        "rate-limited", 429, "Too many requests",
        "This address sent more requests than the gateway's operator allows. Nothing was stored.",
        "Wait as long as the Retry-After header says, then send again.",
        Repeating.Safe);

    public static readonly ProblemKind InternalError = new(
        "internal-error", 500, "The gateway failed",
        "A bug. The gateway's log has the details under the problem's traceId.",
        "Send the same call again: a repeat of a call that was stored answers with the first receipt. Tell the operator if it goes on.",
        Repeating.Safe);

    public static readonly ProblemKind Overloaded = new(
        "overloaded", 503, "The gateway is overloaded",
        "More writes are waiting than the gateway accepts. Nothing was stored.",
        "Wait as long as the Retry-After header says, then send the same call again.",
        Repeating.Safe);

    public static readonly ProblemKind StorageUnavailable = new(
        "storage-unavailable", 503, "The storage is unavailable",
        "The database could not be reached, or refused to write. Nothing was acknowledged; what was under way may or may not be stored, the detail says which.",
        "Wait as long as the Retry-After header says, then send the same call again.",
        Repeating.Safe);

    /// <summary>All of them, by status.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        MalformedJson, InvalidRequest, Unauthenticated, Forbidden, CapabilityMissing, UnknownToken, NotFound, MethodNotAllowed,
        NotAcceptable, RequestTimeout, AlreadyClosed, AlreadyRegistered, TimedOut, Canceled, TokenSuperseded, AttemptSuperseded,
        TokenExpired, Purged, PayloadTooLarge, UnsupportedMediaType, SchemaViolation, InvalidSchema, RateLimited, InternalError,
        Overloaded, StorageUnavailable,
    ];

    private static readonly FrozenDictionary<string, ProblemKind> ByCode = All.ToFrozenDictionary(kind => kind.Code, StringComparer.Ordinal);

    public static ProblemKind? Find(string code) => ByCode.GetValueOrDefault(code);
}
