using FluentValidation.Results;

namespace Gateway.Http.Errors;

/// <summary>FluentValidation's findings in the document's own spelling.</summary>
internal static class FieldErrors
{
    public static IReadOnlyDictionary<string, string[]> Of(ValidationResult result) => result.Errors
        .GroupBy(error => CamelCase(error.PropertyName), StringComparer.Ordinal)
        .ToDictionary(field => field.Key, field => field.Select(error => error.ErrorMessage).Distinct().ToArray(), StringComparer.Ordinal);

    /// <summary><c>Resume.Kind</c> becomes <c>resume.kind</c>; indexes stay.</summary>
    internal static string CamelCase(string path) => path.Length == 0
        ? "body"
        : string.Join('.', path.Split('.').Select(step => step.Length == 0 ? step : char.ToLowerInvariant(step[0]) + step[1..]));
}
