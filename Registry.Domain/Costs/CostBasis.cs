namespace Registry.Domain.Costs;

/// <summary>Which costs are added up.</summary>
public enum CostBasis
{
    /// <summary>Operation, device and anaesthesia.</summary>
    Surgical,

    /// <summary>Every category.</summary>
    All,
}

/// <summary>What costs are added up for.</summary>
public enum CostUnit
{
    /// <summary>A case that belongs to a pathway of several cases.</summary>
    Case,

    /// <summary>A pathway of several linked cases of one patient, under the first.</summary>
    Pathway,

    /// <summary>A case that is a pathway by itself.</summary>
    Both,
}

/// <summary>Which categories a basis adds up.</summary>
public static class CostBasisRule
{
    /// <summary>Whether a basis includes a category.</summary>
    public static bool Includes(this CostBasis basis, CostCategory category) =>
        basis == CostBasis.All || category is CostCategory.Operation or CostCategory.Device or CostCategory.Anaesthesia;
}
