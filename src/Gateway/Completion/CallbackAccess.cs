using Gateway.Activities;
using Gateway.Http;
using Gateway.Http.Errors;
using Gateway.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Completion;

/// <summary>Whether a caller may answer an activity, and the activity.</summary>
internal abstract record CallbackEntry
{
    private CallbackEntry() { }

    public sealed record Granted(WorkflowActivity Activity, TaskToken Token) : CallbackEntry;

    public sealed record Refused(ProblemHttpResult Problem) : CallbackEntry;
}

/// <summary>The door for holders of a task token: its own word first, then one read.</summary>
internal sealed class CallbackAccess(TokenKeyRing ring, IActivityStore store, TimeProvider time)
{
    /// <param name="remembered">The activity may be a remembered one, and then so is the verdict on the token's generation.</param>
    public async ValueTask<CallbackEntry> EnterAsync(HttpContext context, Capabilities needed, bool remembered = false)
    {
        // 2. Verify: a forged token ends here, before any I/O.
        var read = TaskTokenReader.Read(context, ring, needed, time.Now());
        if (read is not TokenRead.Genuine(var token))
        {
            return new CallbackEntry.Refused(((TokenRead.Refused)read).Problem);
        }

        // 3. Find. A genuine token without its activity was issued by us: retention has removed what it answered.
        if (await (remembered ? store.FindToCloseAsync(token.ActivityId) : store.FindAsync(token.ActivityId)) is not { } activity)
        {
            return new CallbackEntry.Refused(Problems.Purged());
        }

        return token.Generation < activity.Generation
            ? new CallbackEntry.Refused(Problems.TokenSuperseded())
            : new CallbackEntry.Granted(activity, token);
    }
}
