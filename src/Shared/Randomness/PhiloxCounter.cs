namespace LoptCluster.Shared.Randomness;

/// <summary>What stays the same in a stream: the key, and the words of the counter beside its position.</summary>
internal readonly record struct PhiloxCounter(uint Key0, uint Key1, uint Word1, uint Word2, uint Word3);
