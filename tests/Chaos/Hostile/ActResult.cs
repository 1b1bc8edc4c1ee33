namespace LoptCluster.Chaos.Hostile;

/// <summary>What an act has shown.</summary>
internal sealed class ActResult
{
    public AttackReport Report { get; } = new();

    /// <summary>Figures and checks, for people.</summary>
    public List<string> Lines { get; } = [];

    public bool HasHeld { get; private set; } = true;

    /// <param name="what">What must hold.</param>
    /// <param name="holds">Whether it does.</param>
    /// <param name="otherwise">What was found instead.</param>
    public void Check(string what, bool holds, string otherwise)
    {
        Lines.Add(holds ? $"ok      {what}" : $"FAILED  {what}: {otherwise}");
        HasHeld &= holds;
    }
}
