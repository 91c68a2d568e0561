using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;

namespace Registry.Tests.Support;

/// <summary>What the domain allows in each constrained column, in the form of <see cref="CheckConstraints"/>.</summary>
internal static class DomainLimits
{
    private const string Flag = "0|1";

    /// <summary>The limits by <c>table.column</c>.</summary>
    public static IReadOnlyDictionary<string, string> ByColumn { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["treatment_case.sex"] = Codes<Sex>(),
        ["treatment_case.birth_year"] = Whole(Patient.BirthYearRange),
        ["treatment_case.procedure_code"] = Codes<Procedure>(),
        ["treatment_case.indication"] = Codes<Indication>(),
        ["treatment_case.pain_side"] = Codes<PainSide>(),
        ["treatment_case.pain_duration_months"] = Whole(CaseRecord.PainDurationRange),
        ["treatment_event.event_type"] = Codes<EventType>(),
        ["treatment_event.lead_type"] = Codes<LeadType>(),
        ["treatment_event.outcome"] = Codes<TrialOutcome>(),
        ["treatment_event.relief_percent"] = Whole(TreatmentEvent.ReliefRange),
        ["treatment_event.threshold_percent"] = Whole(TreatmentEvent.ThresholdRange),
        ["treatment_event.generator_type"] = Codes<GeneratorType>(),
        ["treatment_event.explant_reason"] = Codes<ExplantReason>(),
        ["treatment_event.is_permanent"] = Flag,
        ["treatment_event.depth_mm"] = Whole(TreatmentEvent.DepthRange),
        ["treatment_event.angle_degrees"] = Whole(TreatmentEvent.AngleRange),
        ["treatment_event.lesion_side"] = Codes<LesionSide>(),
        ["treatment_event.guidance"] = Codes<LesionGuidance>(),
        ["assessment.timepoint"] = Codes<Timepoint>(),
        ["assessment.nrs"] = Whole(Nrs.Range),
        ["assessment.pdi"] = Whole(Pdi.Range),
        ["assessment.pdi_family_home"] = Whole(Pdi.ItemRange),
        ["assessment.pdi_recreation"] = Whole(Pdi.ItemRange),
        ["assessment.pdi_social"] = Whole(Pdi.ItemRange),
        ["assessment.pdi_occupation"] = Whole(Pdi.ItemRange),
        ["assessment.pdi_sexual"] = Whole(Pdi.ItemRange),
        ["assessment.pdi_self_care"] = Whole(Pdi.ItemRange),
        ["assessment.pdi_life_support"] = Whole(Pdi.ItemRange),
        ["assessment.assessment_mode"] = Codes<AssessmentMode>(),
        ["assessment.not_done_reason"] = Codes<NotDoneReason>(),
        ["adverse_event.category"] = Codes<AdverseEventCategory>(),
        ["adverse_event.severity"] = Codes<Severity>(),
        ["adverse_event.is_serious"] = Flag,
        ["adverse_event.outcome"] = Codes<AdverseEventOutcome>(),
        ["cost_item.category"] = Codes<CostCategory>(),
        ["cost_item.amount_thousandths"] = FormattableString.Invariant($"0..{CostItem.MaxAmount * Thousandths:0}"),
        ["cost_item.price_year"] = Whole(CostItem.PriceYearRange),
        ["resource_version.kind"] = string.Join('|', Kinds()),
        ["resource_version.version"] = "1..",
        ["resource_version.is_retracted"] = Flag,
    };

    private static int Thousandths => Enumerable.Repeat(10, Currency.MaxDecimals).Aggregate(1, (product, ten) => product * ten);

    private static IEnumerable<string> Kinds()
    {
        var all = new RecordKinds();
        return [all.Site.Name, all.Case.Name, all.Assessment.Name, all.Event.Name, all.AdverseEvent.Name, all.Cost.Name, all.Stay.Name];
    }

    private static string Codes<T>()
        where T : struct, Enum => string.Join('|', Code.All<T>());

    private static string Whole(WholeRange range) => FormattableString.Invariant($"{range.Min}..{range.Max}");
}
