namespace Registry.Domain.Cases;

/// <summary>The pain condition that a case is treated for.</summary>
public enum Indication
{
    /// <summary>Pain that persists after herpes zoster.</summary>
    PostherpeticNeuralgia,

    /// <summary>Pain after avulsion of the brachial plexus.</summary>
    BrachialPlexusAvulsion,

    /// <summary>Complex regional pain syndrome, type I or II.</summary>
    Crps,

    /// <summary>Pain caused by cancer or its treatment.</summary>
    CancerPain,

    /// <summary>Persistent spinal pain syndrome, type 1 or 2.</summary>
    PersistentSpinalPainSyndrome,

    /// <summary>Painful diabetic neuropathy.</summary>
    PainfulDiabeticNeuropathy,

    /// <summary>Pain after injury of a peripheral nerve.</summary>
    PeripheralNerveInjury,

    /// <summary>Neuropathic pain after injury of the spinal cord.</summary>
    SpinalCordInjury,

    /// <summary>Phantom limb or stump pain.</summary>
    PhantomLimbPain,

    /// <summary>Any other condition.</summary>
    Other,
}
