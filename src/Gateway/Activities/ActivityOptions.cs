using System.ComponentModel.DataAnnotations;

namespace Gateway.Activities;

/// <summary>How long activities may wait and are kept (section <c>Activities</c>).</summary>
internal sealed class ActivityOptions : IValidatableObject
{
    public const string Section = "Activities";

    /// <summary>Overall timeout of a registration that names none, in seconds. Default 7 days; a wait without an end is a known cause of outages.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Activities:DefaultTimeoutSeconds must be at least 1.")]
    public int DefaultTimeoutSeconds { get; init; } = 604_800;

    /// <summary>Longest overall timeout a registration may ask for, in seconds. Default 366 days.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Activities:MaxTimeoutSeconds must be at least 1.")]
    public int MaxTimeoutSeconds { get; init; } = 31_622_400;

    /// <summary>Days a closed and delivered activity is kept; parts of a day are allowed (0.5 is twelve hours). Default 30.</summary>
    [Range(0.00001, 36_500, ErrorMessage = "Activities:RetentionDays must be between 0.00001 and 36500.")]
    public double RetentionDays { get; init; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DefaultTimeoutSeconds > MaxTimeoutSeconds)
        {
            yield return new ValidationResult("Activities:DefaultTimeoutSeconds must not exceed Activities:MaxTimeoutSeconds.");
        }
    }
}
