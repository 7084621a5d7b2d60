using FluentValidation;
using FluentValidation.Results;
using Gateway.Activities;
using Gateway.Resumption;

namespace Gateway.Registration;

/// <summary>Checks a target by its kind: the fields of one kind are wrong on another.</summary>
internal sealed class ResumeRequestValidator : AbstractValidator<ResumeRequest>
{
    public ResumeRequestValidator(IEnumerable<IResumeTargetRules> kinds)
    {
        var known = kinds.ToDictionary(rules => rules.Kind.Wire());
        RuleFor(request => request).Custom((request, context) =>
        {
            if (request.Kind is null || !known.TryGetValue(request.Kind, out var rules))
            {
                Fail(context, "kind", $"must be one of {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}");
                return;
            }

            foreach (var (field, message) in rules.Check(request))
            {
                Fail(context, field, message);
            }
        });
    }

    private static void Fail(ValidationContext<ResumeRequest> context, string field, string message) =>
        context.AddFailure(new ValidationFailure(context.PropertyChain.BuildPropertyPath(field), message));
}
