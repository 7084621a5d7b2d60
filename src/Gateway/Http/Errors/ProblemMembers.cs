using System.Text.Json.Serialization;

namespace Gateway.Http.Errors;

/// <summary>One violation, as the <c>basic</c> output of JSON Schema 2020-12 (section 12) names its members.</summary>
/// <param name="InstanceLocation">JSON Pointer to the offending value of the body.</param>
/// <param name="KeywordLocation">JSON Pointer to the keyword of the schema.</param>
/// <param name="AbsoluteKeywordLocation">The keyword's own URI, where it says more.</param>
/// <param name="Message">What was expected.</param>
public sealed record ViolationMember(
    string InstanceLocation,
    string KeywordLocation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AbsoluteKeywordLocation,
    string Message);

/// <summary>One reason why a schema is refused.</summary>
/// <param name="Field">The member of the registration that holds the schema.</param>
/// <param name="SchemaLocation">JSON Pointer into the schema.</param>
/// <param name="Message">What is wrong there.</param>
public sealed record SchemaErrorMember(string Field, string SchemaLocation, string Message);
