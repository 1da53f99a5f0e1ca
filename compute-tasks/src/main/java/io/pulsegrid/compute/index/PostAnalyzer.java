package io.pulsegrid.compute.index;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * Wording to terms: Unicode words without case and accents, English endings taken off lightly,
 * Chinese, Japanese and Korean as pairs of characters. No stop words: "The Who" is a band.
 */
final class PostAnalyzer extends Analyzer {
  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = new StandardTokenizer();
    TokenStream terms = new CJKWidthFilter(words);
    terms = new EnglishPossessiveFilter(terms);
    terms = new LowerCaseFilter(terms);
    terms = new CJKBigramFilter(terms);
    terms = new ASCIIFoldingFilter(terms);
    terms = new KStemFilter(terms);
    return new TokenStreamComponents(words, terms);
  }
}
