using System.Net;
using System.Text;

namespace Gateway.Http.Errors;

/// <summary>The pages behind every problem's <c>type</c>: what it means and what to do, for the person who met it.</summary>
internal static class ProblemPages
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapProblemPages(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/problems", Methods, (HttpContext context) => Page(context, Index)).ExcludeFromDescription();
        routes.MapMethods("/problems/{code}", Methods, OneAsync).ExcludeFromDescription();
    }

    internal static IResult OneAsync(string code, HttpContext context) =>
        ProblemKinds.Find(code) is { } kind ? Page(context, form => One(kind, form)) : Problems.NotFound();

    private static IResult Page(HttpContext context, Func<Form, string> write)
    {
        var accept = context.Request.Headers.Accept;
        // Browsers name text/html; everything else reads the plain text.
        var form = accept.Count > 0 && Acceptance.Names(accept, "text/html") ? Form.Html : Form.Text;
        if (form is Form.Text && accept.Count > 0 && !Acceptance.Admits(accept, "text/plain"))
        {
            return Problems.NotAcceptable("text/html and text/plain");
        }

        return TypedResults.Text(write(form), form is Form.Html ? "text/html" : "text/plain", Encoding.UTF8);
    }

    private static string Index(Form form)
    {
        if (form is Form.Text)
        {
            return string.Concat(ProblemKinds.All.Select(kind => $"{kind.Status} {kind.Code,-24} {kind.Title}\n"));
        }

        var rows = string.Concat(ProblemKinds.All.Select(kind =>
            $"<tr><td>{kind.Status}</td><td><a href=\"{kind.Type}\"><code>{kind.Code}</code></a></td><td>{Encode(kind.Title)}</td></tr>\n"));
        return Html("Problems", $"<h1>Problems</h1>\n<p>Every error answer of the gateway names one of these codes.</p>\n<table>\n<tr><th>Status</th><th>Code</th><th>Title</th></tr>\n{rows}</table>");
    }

    private static string One(ProblemKind kind, Form form)
    {
        if (form is Form.Text)
        {
            return $"{kind.Title}\nstatus {kind.Status}, code {kind.Code}\n\nWhat it means\n{kind.Meaning}\n\nWhat to do\n{kind.Action}\n\nRepeating the call\n{Advice(kind.Repeating)}\n";
        }

        return Html(kind.Title, $"""
            <p><a href="/problems">All problems</a></p>
            <h1>{Encode(kind.Title)}</h1>
            <p>Status <strong>{kind.Status}</strong>, code <code>{kind.Code}</code></p>
            <h2>What it means</h2>
            <p>{Encode(kind.Meaning)}</p>
            <h2>What to do</h2>
            <p>{Encode(kind.Action)}</p>
            <h2>Repeating the call</h2>
            <p class="{kind.Repeating.ToString().ToLowerInvariant()}">{Advice(kind.Repeating)}</p>
            """);
    }

    private static string Advice(Repeating repeating) => repeating switch
    {
        Repeating.Safe => "Safe: the same call may be sent again later, and nothing happens twice.",
        Repeating.AfterCorrection => "Pointless as it is: nothing was changed, and the same call fails again until it is corrected.",
        _ => "Pointless: no call can succeed any more. Stop sending.",
    };

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Html(string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <title>{{Encode(title)}} · Callback gateway</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 1rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1rem; margin: 1.6rem 0 0; } h2 + p { margin-top: .25rem; }
        table { border-collapse: collapse; } th, td { text-align: left; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid #8884; }
        code { font-family: ui-monospace, monospace; } p[class] { border-left: 4px solid #c80; padding-left: .8rem; }
        p.safe { border-color: #2a2; } p.pointless { border-color: #c22; }
        </style>
        </head>
        <body>
        {{body}}
        </body>
        </html>

        """;

    private enum Form
    {
        Html,
        Text,
    }
}
