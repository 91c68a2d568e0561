using System.Diagnostics.Metrics;
using Registry.Api.Data;

namespace Registry.Api.Operations;

/// <summary>
/// What the program counts of its own work. A label is one of a closed set: never a site, a case, a key or a value that was sent.
/// </summary>
internal sealed class RegistryMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Registry";

    private readonly Counter<long> _writes, _summaries, _unavailable;

    public RegistryMeter(IMeterFactory meters, IDatabase database)
    {
        var meter = meters.Create(Name);
        _writes = meter.CreateCounter<long>("registry.writes", description: "Writes that were decided, by kind of record and outcome.");
        _summaries = meter.CreateCounter<long>(
            "registry.summaries", description: "Summaries that were answered: computed, served from memory, or confirmed (304).");
        _unavailable = meter.CreateCounter<long>(
            "registry.database.unavailable",
            description: "Requests that were refused because the database did not answer or could not be written.");
        meter.CreateObservableGauge(
            "registry.writes.waiting", () => database.WaitingWrites, description: "Writes that wait for their turn.");
    }

    /// <summary>A write was decided.</summary>
    /// <param name="kind">The kind of record.</param>
    /// <param name="outcome">created, unchanged, corrected, withdrawn, not-applied, or the code of the problem.</param>
    public void CountWrite(string kind, string outcome) => _writes.Add(1, new("kind", kind), new("outcome", outcome));

    /// <summary>A summary was answered.</summary>
    public void CountSummary(SummarySource source) =>
        _summaries.Add(1, new KeyValuePair<string, object?>("source", Domain.Common.Code.Of(source)));

    /// <summary>A request was refused for want of the database.</summary>
    public void CountUnavailable() => _unavailable.Add(1);
}

/// <summary>Where the answer of a summary came from.</summary>
internal enum SummarySource
{
    /// <summary>It was computed, by this request or by one that asked the same at the same time.</summary>
    Computed,

    /// <summary>It was kept ready in memory.</summary>
    Memory,

    /// <summary>The caller has it already: nothing was sent (304).</summary>
    Confirmed,
}
