using FluentValidation;
using Gateway.Activities;
using Gateway.Resumption;
using Microsoft.Extensions.Options;

namespace Gateway.Registration;

internal sealed class RegistrationRequestValidator : AbstractValidator<RegistrationRequest>
{
    private const int MaxLabels = 20;

    public RegistrationRequestValidator(IOptions<ActivityOptions> options, IValidator<ResumeRequest> resume)
    {
        var longest = options.Value.MaxTimeoutSeconds;
        RuleFor(request => request.WorkflowId).NotEmpty().WithMessage("is required").Name(1000);
        RuleFor(request => request.ActivityId).NotEmpty().WithMessage("is required").Name(1000);
        RuleFor(request => request.RunId).Name(200);
        RuleFor(request => request.Namespace).Matches(Names.Namespace).WithMessage(Names.NamespaceRule);
        RuleFor(request => request.Attempt).GreaterThanOrEqualTo(1).WithMessage("must be at least 1");
        RuleFor(request => request.ActivityType).Name(1000);
        RuleFor(request => request.Description).MaximumLength(4000).WithMessage("must be at most 4000 characters");
        RuleFor(request => request.TimeoutSeconds).InclusiveBetween(1, longest).WithMessage($"must be between 1 and {longest}");
        RuleFor(request => request.HeartbeatTimeoutSeconds).InclusiveBetween(1, longest).WithMessage($"must be between 1 and {longest}");
        RuleFor(request => request.Resume!).SetValidator(resume).When(request => request.Resume is not null);
        RuleFor(request => request.OnTimeout!.Result.IsPresent).Equal(true)
            .WithName("onTimeout.result").OverridePropertyName("onTimeout.result")
            .WithMessage("is required: the value to complete with").When(request => request.OnTimeout is not null);
        RuleFor(request => request.Labels!).Must(labels => labels.Count <= MaxLabels).WithMessage($"must have at most {MaxLabels} entries")
            .Must(labels => labels.All(label => label.Key.Length is >= 1 and <= 100 && !label.Key.Contains(':', StringComparison.Ordinal)))
            .WithMessage("must have keys of 1 to 100 characters without a colon")
            .Must(labels => labels.All(label => label.Value is { Length: <= 500 })).WithMessage("must have values of at most 500 characters")
            .When(request => request.Labels is not null);
    }
}

internal sealed class CancelRequestValidator : AbstractValidator<CancelRequest>
{
    public CancelRequestValidator() =>
        RuleFor(request => request.Reason).MaximumLength(4000).WithMessage("must be at most 4000 characters");
}

internal sealed class TokenRequestValidator : AbstractValidator<TokenRequest>
{
    public TokenRequestValidator(IOptions<ActivityOptions> options)
    {
        var longest = options.Value.MaxTimeoutSeconds;
        RuleFor(request => request.ExpiresInSeconds).InclusiveBetween(60, longest).WithMessage($"must be between 60 and {longest}");
        RuleFor(request => request.Capabilities!).NotEmpty().WithMessage("must name at least one capability, or be absent for all")
            .Must(words => words.All(word => word is not null && Words.Capability(word) is not null))
            .WithMessage("must be of complete, fail, heartbeat, cancel, read")
            .When(request => request.Capabilities is not null);
    }
}

/// <summary>Rules that several names share.</summary>
internal static class Names
{
    public const string Namespace = "^[A-Za-z0-9._-]{1,64}\\z";
    public const string NamespaceRule = "must be 1 to 64 letters, digits, '.', '_' or '-'";

    /// <summary>A foreign id is taken as it is, within a length and without control characters.</summary>
    public static IRuleBuilderOptions<T, string?> Name<T>(this IRuleBuilder<T, string?> rule, int maxLength) => rule
        .MaximumLength(maxLength).WithMessage($"must be at most {maxLength} characters")
        .Must(text => text is null || !text.Any(char.IsControl)).WithMessage("must not contain control characters");
}
