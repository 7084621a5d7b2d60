using Gateway.Http.OpenApi;

namespace Gateway.Completion;

/// <summary>The bodies of the three calls every door has, for the OpenAPI document.</summary>
internal static class CompletionNotes
{
    public static RouteHandlerBuilder TakesResult(this RouteHandlerBuilder call) => call
        .TakesAnyJson("The return value itself, any JSON that fits the return schema; an empty body is null.", """{"chargeId":"ch_1"}""")
        .AnswersWith(typeof(Receipt), typeof(DryRunAnswer))
        .Query("dryRun", "True judges the result and stores nothing.", """{"type":"boolean","default":false}""");

    public static RouteHandlerBuilder TakesFailure(this RouteHandlerBuilder call) => call.Takes(
        typeof(FailureRequest), """{"message":"The card was declined","type":"CardDeclined","details":{"attempts":2},"nonRetryable":true}""")
        .AnswersWith(typeof(Receipt));

    public static RouteHandlerBuilder TakesProgress(this RouteHandlerBuilder call) =>
        call.TakesAnyJson("Progress, any JSON, or nothing.", """{"percent":40}""");
}
