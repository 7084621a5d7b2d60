using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.Http.Bodies;

namespace Gateway.Resumption.Pull;

/// <summary>Asks for outcomes of a pull queue.</summary>
/// <param name="Queue">The queue. Default <c>default</c>.</param>
/// <param name="Namespace">The tenant. Default: the API key's own namespace, <c>default</c> for a key that has them all.</param>
/// <param name="Max">How many at most, 1 to 500. Default 10.</param>
/// <param name="WaitSeconds">How long to wait for the first one, 0 to 60. Default 0.</param>
/// <param name="LeaseSeconds">How long the holder may work on them before they are leased again, 1 to 3,600. Default 30.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LeaseRequest(
    string? Queue = null, string? Namespace = null, int Max = 10, int WaitSeconds = 0, int LeaseSeconds = 30);

/// <summary>Leased outcomes; empty when the wait ended without any.</summary>
/// <param name="Leases">Oldest first.</param>
public sealed record LeaseList(IReadOnlyList<LeasedOutcome> Leases);

/// <summary>One leased outcome.</summary>
/// <param name="LeaseId">Names this lease: acknowledge or release it by this.</param>
/// <param name="Attempt">How often the outcome was leased, from 1.</param>
/// <param name="LeasedUntil">When it may be leased by others again.</param>
/// <param name="Outcome">The outcome document.</param>
public sealed record LeasedOutcome(string LeaseId, int Attempt, DateTimeOffset LeasedUntil, RawJson Outcome);

/// <summary>Ends leases as done.</summary>
/// <param name="LeaseIds">1 to 500.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AcknowledgeRequest(IReadOnlyList<string>? LeaseIds);

/// <summary>Gives leases back.</summary>
/// <param name="LeaseIds">1 to 500.</param>
/// <param name="DelaySeconds">How long nobody gets them, 0 to 86,400. Default 0.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReleaseRequest(IReadOnlyList<string>? LeaseIds, int DelaySeconds = 0);

/// <summary>What became of each lease, in order.</summary>
/// <param name="Results">One per id.</param>
public sealed record SettleAnswer(IReadOnlyList<SettleResult> Results);

/// <summary>What became of one lease.</summary>
/// <param name="LeaseId">As sent.</param>
/// <param name="Status"><c>acknowledged</c>, <c>released</c>, or <c>lease-lost</c>: another holder has it, or it was settled otherwise.</param>
public sealed record SettleResult(string LeaseId, string Status);

internal sealed class LeaseRequestValidator : AbstractValidator<LeaseRequest>
{
    public LeaseRequestValidator()
    {
        RuleFor(request => request.Queue!).Must(queue => PullTargetRules.QueueName().IsMatch(queue))
            .WithMessage(PullTargetRules.QueueRule).When(request => request.Queue is not null);
        RuleFor(request => request.Max).InclusiveBetween(1, 500).WithMessage("must be between 1 and 500");
        RuleFor(request => request.WaitSeconds).InclusiveBetween(0, 60).WithMessage("must be between 0 and 60");
        RuleFor(request => request.LeaseSeconds).InclusiveBetween(1, 3600).WithMessage("must be between 1 and 3600");
    }
}

internal sealed class AcknowledgeRequestValidator : AbstractValidator<AcknowledgeRequest>
{
    public AcknowledgeRequestValidator() => RuleFor(request => request.LeaseIds).LeaseIds();
}

internal sealed class ReleaseRequestValidator : AbstractValidator<ReleaseRequest>
{
    public ReleaseRequestValidator()
    {
        RuleFor(request => request.LeaseIds).LeaseIds();
        RuleFor(request => request.DelaySeconds).InclusiveBetween(0, 86_400).WithMessage("must be between 0 and 86400");
    }
}

internal static class LeaseRules
{
    public static void LeaseIds<T>(this IRuleBuilderInitial<T, IReadOnlyList<string>?> rule) => rule
        .NotNull().WithMessage("is required").Must(ids => ids is null or { Count: >= 1 and <= 500 })
        .WithMessage("must have 1 to 500 items").Must(ids => ids is null || ids.All(id => id is not null))
        .WithMessage("must be strings");
}
