namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Maps of several images, stored one after the other.</summary>
internal readonly unsafe struct Maps(float* first, int length)
{
    public float* this[int image] => first + ((nint)image * length);
}
