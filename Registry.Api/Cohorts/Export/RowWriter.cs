namespace Registry.Api.Cohorts.Export;

/// <summary>Writes rows in one form to a stream, some at a time, keeping no more of them than it has to.</summary>
internal interface IRowWriter : IAsyncDisposable
{
    /// <summary>Writes a row of a case, or of a case and timepoint.</summary>
    ValueTask Write(CohortRow row, int timepoint);

    /// <summary>Hands on what was written so far.</summary>
    ValueTask Flush(CancellationToken cancellation);

    /// <summary>Ends the text or file.</summary>
    /// <param name="rows">How many rows were written.</param>
    /// <param name="cancellation">Ends it early.</param>
    ValueTask Complete(long rows, CancellationToken cancellation);
}
