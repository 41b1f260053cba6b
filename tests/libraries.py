"""What other libraries have of what Kazi measures. It takes seconds to import: only tests that need it do."""

from collections.abc import Sequence

import jiwer
import pandas as pd
from crowdkit import aggregation
from scipy import stats
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

__all__ = ["LogisticRegression", "aggregation", "jiwer", "metrics", "stats", "table"]


def table(rows: Sequence[tuple[object, ...]], *columns: str) -> pd.DataFrame:
    """Answers as crowd-kit reads them."""
    return pd.DataFrame(rows, columns=["task", "worker", *columns])
