using LoptCluster.Cli.Drawing;
using LoptCluster.Cli.Tests.Documents;
using Xunit;

namespace LoptCluster.Cli.Tests.Drawing;

public sealed class EmbeddedTypefacesTests
{
    /// <summary>Figures of full size: those of the catalog's tests have fewer labels.</summary>
    [Fact]
    public void Typefaces_HaveEveryCharacterOfTheFiguresOfTheResultsPage()
    {
        string folder = Path.Combine(GeneratedDocument.RepositoryRoot(), "docs", "images", "results");
        string[] files = Directory.GetFiles(folder, "*.svg");

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(FigureText.WithoutGlyph(File.ReadAllText(file))));
    }

    /// <summary>Signs of the paper that a new figure may use.</summary>
    [Theory]
    [InlineData("θ̃ σ² ε α β λ τ μ Δ ∇ ℓ w(t)")]
    [InlineData("10⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ x₀₁₂ − × · ÷ ± ≤ ≥ ≈ ≠ ∞ → ← ↑ ↓ … – — “” ‘’ ° ® ™ é ü")]
    public void Typefaces_HaveTheSignsOfMathematicsAndProse(string signs)
    {
        Assert.Empty(FigureText.WithoutGlyph(signs, EmbeddedTypefaces.Regular));
        Assert.Empty(FigureText.WithoutGlyph(signs, EmbeddedTypefaces.Bold));
    }

    [Fact]
    public void Typefaces_ByWeight_AreRegularAndBoldDejaVuSans()
    {
        Assert.Equal(("DejaVu Sans", false), (EmbeddedTypefaces.Regular.FamilyName, EmbeddedTypefaces.Regular.IsBold));
        Assert.Equal(("DejaVu Sans", true), (EmbeddedTypefaces.Bold.FamilyName, EmbeddedTypefaces.Bold.IsBold));
    }
}
