using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Http.Errors;

/// <summary>Answers that came as a bare status, from routing or from the server, as problems.</summary>
internal static class StatusProblems
{
    /// <summary>Whether an error was answered by its status alone.</summary>
    public static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null, ContentType: null };

    public static ProblemHttpResult For(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Problems.Unauthenticated(),
        StatusCodes.Status404NotFound => Problems.NotFound(),
        StatusCodes.Status405MethodNotAllowed => Problems.MethodNotAllowed(),
        StatusCodes.Status408RequestTimeout => Problems.RequestTimeout(),
        StatusCodes.Status415UnsupportedMediaType => Problems.UnsupportedMediaType("Content-Type is not JSON. Send application/json."),
        >= 500 => Problems.InternalError(),
        _ => Unlisted(status),
    };

    /// <summary>A refusal of the server that has no kind of its own keeps its status.</summary>
    private static ProblemHttpResult Unlisted(int status)
    {
        var kind = ProblemKinds.All.FirstOrDefault(kind => kind.Status == status) ?? ProblemKinds.InvalidRequest;
        return Problems.Create(kind with { Status = status }, "The server refused the request as it was sent. Nothing was stored; correct it, repeating is pointless.");
    }
}
