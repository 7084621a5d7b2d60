using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.Activities;

namespace Gateway.Deliveries;

/// <summary>A page of push deliveries, the latest closed first.</summary>
/// <param name="Deliveries">One per closed activity with a push target.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
public sealed record DeliveryList(IReadOnlyList<DeliverySummary> Deliveries, string? NextCursor);

/// <summary>One push delivery.</summary>
/// <param name="ActivityId">The closed activity.</param>
/// <param name="Namespace">The tenant.</param>
/// <param name="WorkflowId">The workflow's own id.</param>
/// <param name="Activity">The step's own id.</param>
/// <param name="State">How the activity ended.</param>
/// <param name="ClosedAt">When it ended.</param>
/// <param name="Kind">The way: <c>webhook</c> or an engine.</param>
/// <param name="Target">The webhook's origin or the connection: nothing secret.</param>
/// <param name="Status"><c>waiting</c>, <c>leased</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="Attempts">Since the closing or the last redelivery.</param>
/// <param name="NextAttemptAt">When it is due again; null once settled.</param>
/// <param name="SettledAt">When it was delivered or given up.</param>
/// <param name="LastAnswer">What the target said last.</param>
public sealed record DeliverySummary(
    string ActivityId,
    string Namespace,
    string WorkflowId,
    string Activity,
    string State,
    DateTimeOffset ClosedAt,
    string Kind,
    string Target,
    string Status,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? SettledAt,
    string? LastAnswer);

/// <summary>Which deliveries to put back in line; at least one field.</summary>
/// <param name="Status">Default <c>dead</c>; <c>delivered</c> sends again what the target already took.</param>
/// <param name="Namespace">Only of this tenant.</param>
/// <param name="Kind">Only of this way.</param>
/// <param name="WorkflowId">Only of this workflow.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RedeliverRequest(string? Status = null, string? Namespace = null, string? Kind = null, string? WorkflowId = null);

/// <summary>How many deliveries were put back in line.</summary>
/// <param name="Redelivered">Their number.</param>
public sealed record RedeliverAnswer(int Redelivered);

internal sealed class RedeliverRequestValidator : AbstractValidator<RedeliverRequest>
{
    public RedeliverRequestValidator()
    {
        RuleFor(request => request.Status!).Must(word => EntryStatusWords.Find(word) is EntryStatus.Dead or EntryStatus.Delivered or EntryStatus.Waiting)
            .WithMessage("must be dead, delivered or waiting").When(request => request.Status is not null);
        RuleFor(request => request.Kind!).Must(word => Words.Push(word) is not null)
            .WithMessage($"must be one of {Words.PushKinds}").When(request => request.Kind is not null);
    }
}
