using Gateway.Activities;

namespace Gateway.Resumption;

/// <summary>What a resume kind demands of a registration, and what it keeps of it.</summary>
internal interface IResumeTargetRules
{
    ResumeKind Kind { get; }

    /// <summary>What is wrong, by field of the <c>resume</c> object.</summary>
    IEnumerable<(string Field, string Message)> Check(ResumeRequest request);

    /// <summary>The target of a request that passed the check.</summary>
    ResumeTarget ToTarget(ResumeRequest request);
}
