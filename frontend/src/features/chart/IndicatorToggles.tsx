import { useWords } from "@/lib/useWords";
import styles from "./ChartPanel.module.css";
import { INDICATORS, LENGTHS, toggleIndicator, useIndicators } from "./indicatorChoice";
import { CHART } from "./words";

/** Turns the indicators on and off. */
export function IndicatorToggles() {
  const say = useWords(CHART);
  const { shown } = useIndicators();
  return (
    <fieldset className={styles.toggles}>
      <legend className="visually-hidden">{say("indicators")}</legend>
      {INDICATORS.map((indicator) => (
        <label key={indicator} className={styles.toggle} data-indicator={indicator}>
          <input
            type="checkbox"
            checked={shown.includes(indicator)}
            onChange={() => toggleIndicator(indicator)}
            data-testid={`indicator-${indicator}`}
          />
          {say(indicator, { length: LENGTHS[indicator], width: LENGTHS.width })}
        </label>
      ))}
    </fieldset>
  );
}
