namespace Gateway.Resumption.Connections;

/// <summary>What an engine answered to one call, decided from code and details. Texts hold no secrets and no payload.</summary>
internal abstract record EngineAnswer
{
    private EngineAnswer(string text) => Text = text;

    public string Text { get; }

    /// <summary>The engine took it, or there was nothing to tell.</summary>
    /// <param name="CancelRequested">To a heartbeat: the workflow asks the outside to stop.</param>
    public sealed record Done(string Answer, bool CancelRequested = false) : EngineAnswer(Answer);

    /// <summary>The engine waits for this activity no more: it ended there, or an earlier attempt of unknown result was taken.</summary>
    public sealed record Gone(string Why) : EngineAnswer(Why);

    /// <summary>The engine will never take it.</summary>
    public sealed record Refused(string Why) : EngineAnswer(Why);

    /// <summary>Something is set up wrongly, here or there: keep the outcome and try slowly until somebody has put it right.</summary>
    public sealed record Hold(string Why) : EngineAnswer(Why);

    /// <summary>Not this time.</summary>
    /// <param name="MayHaveArrived">The engine may have taken the call all the same.</param>
    /// <param name="Down">The whole engine does not answer, not this one call.</param>
    public sealed record Again(string Why, bool MayHaveArrived, bool Down = false) : EngineAnswer(Why);
}
