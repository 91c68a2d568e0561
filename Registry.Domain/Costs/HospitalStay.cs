using Registry.Domain.Common;

namespace Registry.Domain.Costs;

/// <summary>One stay in hospital. Its length is in whole days from admission to discharge: the same day is 0.</summary>
public sealed record HospitalStay
{
    /// <summary>The day of admission.</summary>
    public required DateOnly AdmittedOn { get; init; }

    /// <summary>The day of discharge, on or after admission.</summary>
    [NotBefore(nameof(AdmittedOn), "admission")]
    public required DateOnly DischargedOn { get; init; }
}
