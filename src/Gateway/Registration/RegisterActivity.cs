using Gateway.Activities;
using Gateway.Http.Bodies;
using Gateway.JsonSchema;
using Gateway.Persistence;
using Gateway.Resumption;
using Gateway.Resumption.Connections;
using Gateway.Resumption.Pull;
using Gateway.Schemas;
using Microsoft.Extensions.Options;

namespace Gateway.Registration;

/// <summary>What a request to register came to, before it is stored.</summary>
internal abstract record Prepared
{
    private Prepared() { }

    public sealed record Ready(NewActivity Activity) : Prepared;

    /// <summary>The schema is broken, or more than the gateway will run.</summary>
    public sealed record InvalidSchema(IReadOnlyList<SchemaError> Errors) : Prepared;

    /// <summary>The <c>onTimeout</c> result is more than the target's engine keeps whole.</summary>
    public sealed record LargeOnTimeout(int Limit) : Prepared;

    /// <summary>The <c>onTimeout</c> result does not fit the schema.</summary>
    public sealed record UnfitOnTimeout(IReadOnlyList<Violation> Violations) : Prepared;
}

/// <summary>Registers pending activities: compile the schema, make the activity, store it.</summary>
internal sealed class RegisterActivity(
    IActivityStore store,
    ReturnSchemas schemas,
    IEnumerable<IResumeTargetRules> resumeKinds,
    ConnectionRegistry connections,
    IOptions<ActivityOptions> options,
    TimeProvider time)
{
    private readonly Dictionary<string, IResumeTargetRules> kinds = resumeKinds.ToDictionary(rules => rules.Kind.Wire());

    /// <summary>Everything that can be refused without the store.</summary>
    /// <param name="request">Valid by its validator.</param>
    /// <param name="namespace">The tenant, resolved from request and API key.</param>
    public Prepared Prepare(RegistrationRequest request, string @namespace)
    {
        var onTimeout = request.OnTimeout is { } expiry ? Text(expiry.Result) : null;
        var compilation = Text(request.ReturnSchema) is { } text ? schemas.Compile(text, request.AssertFormat) : null;
        switch (compilation?.Result)
        {
            case CompileResult.Refused refused:
                return new Prepared.InvalidSchema(refused.Errors);
            case CompileResult.Compiled compiled when onTimeout is { } result
                && compiled.Schema.Validate(result.Span) is { Kind: not VerdictKind.Valid } verdict:
                return new Prepared.UnfitOnTimeout(verdict.Violations);
        }

        var activity = Make(request, @namespace, onTimeout);
        if (connections.LargestBody(activity.Resume) is { } largest && onTimeout?.Length > largest)
        {
            return new Prepared.LargeOnTimeout(largest);
        }

        return new Prepared.Ready(new NewActivity(activity, compilation?.Schema, Fingerprint.Of(request, activity, compilation?.Schema)));
    }

    public Task<Registered> StoreAsync(NewActivity activity) => store.RegisterAsync(activity, activity.Activity.CreatedAt);

    /// <summary>Stores in order, in one commit.</summary>
    public Task<Registered[]> StoreAsync(IReadOnlyList<NewActivity> activities) => store.RegisterAsync(activities, time.Now());

    private WorkflowActivity Make(RegistrationRequest request, string @namespace, ReadOnlyMemory<byte>? onTimeout)
    {
        var now = time.Now();
        var heartbeat = request.HeartbeatTimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return new WorkflowActivity
        {
            Id = ActivityId.New(now),
            Reference = new WorkflowReference(
                @namespace, request.WorkflowId!, request.RunId ?? "", request.ActivityId!, request.Attempt),
            ActivityType = request.ActivityType,
            Description = request.Description,
            AssertFormat = request.AssertFormat,
            CreatedAt = now,
            Deadline = now + TimeSpan.FromSeconds(request.TimeoutSeconds ?? options.Value.DefaultTimeoutSeconds),
            HeartbeatTimeout = heartbeat,
            HeartbeatDeadline = now + heartbeat,
            OnTimeoutResult = onTimeout,
            Resume = Target(request.Resume),
            Labels = request.Labels ?? new Dictionary<string, string>(),
        };
    }

    private ResumeTarget Target(ResumeRequest? request) => request is null
        ? new ResumeTarget(ResumeKind.Pull, PullTargetRules.DefaultQueue)
        : kinds[request.Kind!].ToTarget(request);

    /// <summary>The value's own bytes, as the runner sent them.</summary>
    private static ReadOnlyMemory<byte>? Text(RawJson value) => value.IsPresent ? value.Utf8 : (ReadOnlyMemory<byte>?)null;
}
