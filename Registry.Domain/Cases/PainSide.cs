namespace Registry.Domain.Cases;

/// <summary>The side of the body the pain is on.</summary>
public enum PainSide
{
    /// <summary>Left of the midline.</summary>
    Left,

    /// <summary>Right of the midline.</summary>
    Right,

    /// <summary>Both sides.</summary>
    Bilateral,

    /// <summary>On the midline.</summary>
    Midline,
}
