namespace Registry.Domain.Cases;

/// <summary>The four procedures of the registry. A procedure is what the site says it is, never inferred from a billing code.</summary>
public enum Procedure
{
    /// <summary>Spinal cord stimulation: neuromodulation, reversible, a trial and then an implant.</summary>
    Scs,

    /// <summary>Dorsal root ganglion stimulation: neuromodulation, reversible, a trial and then an implant.</summary>
    Drg,

    /// <summary>Dorsal root entry zone lesioning: ablative, irreversible, one operation.</summary>
    Drez,

    /// <summary>Percutaneous or open cordotomy: ablative, irreversible, one operation.</summary>
    Cordotomy,
}

/// <summary>What follows from the kind of a procedure.</summary>
public static class ProcedureKind
{
    /// <summary>Whether the procedure is staged (trial, implant, possibly explant) rather than one operation.</summary>
    public static bool IsNeuromodulation(this Procedure procedure) => procedure is Procedure.Scs or Procedure.Drg;
}
